"""Short pieces of a video, restored in several ways: pictures, clips and figures of each."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from dataclasses import dataclass, field

from . import colour, paths, pixels, presets
from .hints import HD720
from .program import Error
from .video import frame_count, look, rate, seconds, videos

WARM = 6  # frames before a piece, so that the network's state has settled
WIDE = 1280  # pictures and clips are not wider; details are shown as they are
DETAIL = (480, 360)


@dataclass
class Way:
    """One set of the filter's options. figures are sums over all pieces."""

    options: str
    frames: int = 0
    milliseconds: float = 0
    before: float = 0  # sharpness
    after: float = 0
    clips: list = field(default_factory=list)

    @property
    def name(self):
        found = dict(o.partition("=")[::2] for o in self.options.split(":") if o)
        words = [found.pop("model", "default model"), *(f"{k}={v}" for k, v in found.items() if k != "resolution")]
        size = found.get("resolution", "source")
        return ", ".join([*words, "at the source's size" if size == "source" else f"at {size}"])

    @property
    def speed(self):
        return 1000 * self.frames / self.milliseconds if self.milliseconds else 0

    @property
    def gain(self):
        """Per cent of sharpness that the network adds."""
        return 100 * (self.after / self.before - 1) if self.before else 0


class Preview:
    """What there is to compare of a video. places: seconds; each piece has this many frames."""

    def __init__(self, ffmpeg, path, places, length, folder):
        self.ffmpeg, self.path, self.folder = ffmpeg, path, folder
        self.probed = ffmpeg.probe(path)
        streams = videos(self.probed)
        if not streams:
            raise Error(f"{path}: no video in it that this ffmpeg can decode")
        self.stream = streams[0]
        self.looked = look(ffmpeg, path, self.probed, self.stream)
        self.rate = float(rate(self.stream)) or 25.0
        self.total = frame_count(self.probed, self.stream)
        self.duration = seconds(self.stream.get("duration")) or seconds(self.probed["format"].get("duration")) \
            or self.total / self.rate
        length = length or min(10.0, self.duration) / 3
        self.places = places or [max(0.0, self.duration * share - length / 2) for share in (0.2, 0.5, 0.8)]
        if any(place >= self.duration > 0 for place in self.places):
            raise Error(f"{path}: ends at {self.duration:.1f} s; --at must be before that")
        self.count = max(1, round(length * self.rate))
        self.originals = [self.make(place, "before", n, "") for n, place in enumerate(self.places)]

    def ways(self):
        """Sets of options that are worth a comparison for a video of this size."""
        width, height = self.looked.shown_size
        small = "" if width * height <= 1.2 * HD720 else ":resolution=hd720"
        found = [f"model=strcnn_dtb_fast{small}", f"model=strcnn_dtb{small}"]
        return [Way(o) for o in found + (["model=strcnn_dtb_fast"] if small else [])]

    def restore(self, way):
        for number, place in enumerate(self.places):
            way.clips.append(self.make(place, f"way-{id(way)}", number, way.options))
            log = self.folder / "stats.txt"
            for line in log.read_text().splitlines()[1:] if log.exists() else []:
                key, _, value = line.removeprefix("lavfi.deblur.").partition("=")
                if key == "ms":
                    way.frames, way.milliseconds = way.frames + 1, way.milliseconds + float(value)
                elif key == "sharpness.before":
                    way.before += float(value)
                elif key == "sharpness.after":
                    way.after += float(value)
        return way

    def make(self, place, name, number, options):
        """One piece as a lossless file: frames of the source's size and depth, 8 bits of RGB at most lost later."""
        filters, _, _ = colour.before(self.looked, None)
        warm = min(WARM, round(place * self.rate))
        if options:
            filters += [f"deblur={options}:stats=1", f"trim=start_frame={warm}", "metadata=print:file=stats.txt"]
        else:
            filters.append(f"trim=start_frame={warm}")
        if self.looked.interlaced:
            filters.append("bwdif=mode=send_frame:deint=interlaced")
        file = self.folder / f"{name}-{number}.mkv"
        form = pixels.lossless(self.looked.format, pixels.of_encoder(self.ffmpeg.help("encoder", "ffv1")))
        self.ffmpeg.run(["-ss", f"{place - warm / self.rate:.6f}", *paths.source(self.path), "-map", f"0:{self.stream['index']}",
                         "-vf", ",".join(filters), "-frames:v", self.count, "-c:v", "ffv1", *(["-pix_fmt", form] if form else []),
                         "-fps_mode", "passthrough", paths.url(file)], cwd=self.folder, frames=self.count,
                        label=f"{options or 'the source'}, from {clock(place)}")
        return file

    def picture(self, clip, box=None):
        """The middle frame as JPEG: all of it, or a box (x, y, width, height) as it is."""
        crop = "crop={2}:{3}:{0}:{1}".format(*box) if box else f"scale='min({WIDE},iw)':-2"
        return self.ffmpeg.output([*paths.source(clip), "-vf", f"select=eq(n\\,{self.count // 2}),{crop},format=yuvj420p",
                                   "-frames:v", "1", "-q:v", "2", "-c:v", "mjpeg", "-f", "image2pipe", "-"])

    def detail(self, number, ways):
        """The box in which the first way changes most: a grid of mean differences, at a sixteenth of the size."""
        width, height = self.looked.shown_size
        box = min(DETAIL[0], max(width // 3, 64), width), min(DETAIL[1], max(height // 2, 48), height)
        columns, rows = max(1, width // 16), max(1, height // 16)
        grey = f"select=eq(n\\,{self.count // 2}),scale={columns * 16}:{rows * 16},format=gray"
        values = self.ffmpeg.output([*paths.source(self.originals[number]), *paths.source(ways[-1].clips[number]), "-filter_complex",
                                     f"[0:v]{grey}[a];[1:v]{grey}[b];[a][b]blend=all_mode=difference,scale={columns}:{rows}:flags=area",
                                     "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        w, h = max(1, box[0] * columns // width), max(1, box[1] * rows // height)
        best = max(((sum(values[(y + j) * columns + x + i] for j in range(h) for i in range(w)), x, y)
                    for y in range(rows - h + 1) for x in range(columns - w + 1)), default=(0, 0, 0))
        return min(best[1] * width // columns, width - box[0]), min(best[2] * height // rows, height - box[1]), *box

    def clip(self, clips, output, wipe):
        """A video of pieces in a row: before and after side by side, or a line that moves between them."""
        inputs, chains, labels = [], [], ""
        for n, (one, other) in enumerate(zip(self.originals, clips)):
            inputs += [*paths.source(one), *paths.source(other)]
            shape = f"scale='min({WIDE},iw)':-2,setsar=1,format=yuv420p,setpts=N/{self.rate:.6f}/TB"
            shown = (f"[a{n}][b{n}]hstack[v{n}]" if not wipe else
                     f"[a{n}][b{n}]blend=all_expr='if(lt(X\\,W*(0.5+0.45*sin(2*PI*N/{max(24, self.count)})))\\,A\\,B)'[v{n}]")
            if not wipe:
                shape = f"scale='min({WIDE // 2},iw)':-2,setsar=1,format=yuv420p,setpts=N/{self.rate:.6f}/TB"
            chains += [f"[{2 * n}:v]{shape}[a{n}]", f"[{2 * n + 1}:v]{shape}[b{n}]", shown]
            labels += f"[v{n}]"
        graph = ";".join([*chains, f"{labels}concat=n={len(clips)}:v=1[out]"])
        self.ffmpeg.run([*inputs, "-filter_complex", graph, "-map", "[out]", "-r", f"{self.rate:.6f}", "-c:v", "libx264", "-preset",
                         "medium", "-crf", "20", *presets.MP4, "-f", "mp4", paths.url(output)], label=output.name)


def clock(place):
    minutes, rest = divmod(place, 60)
    return f"{int(minutes)}:{rest:04.1f}"
