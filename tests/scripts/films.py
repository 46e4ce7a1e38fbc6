# Films as people have them: valid small files that FFmpeg makes of its own sources, one for each combination of a container with
# field flags, colour, sound, cover, clock, size and name.
# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess
from dataclasses import dataclass, field

RATE = 25
SOUND = ["-f", "lavfi", "-i", "sine=440:r=48000:d=0.6"]


@dataclass
class Kind:
    """How one property of a film comes about. options: of the output; source: of the video's source."""

    options: tuple = ()
    filters: str = ""
    size: str = ""
    sound: tuple = None  # encoder and options; () for none
    sounds: int = 1
    only: tuple = ()  # containers that have it; (): all
    traits: frozenset = frozenset()
    finish: str = ""  # what is done with the file: one of FINISHES
    pixels: str = ""


def traits(*names):
    return frozenset(names)


# suffix, video options, sound options
CONTAINERS = {
    "mp4": (".mp4", "-c:v libx264 -pix_fmt yuv420p -g 5", "-c:a aac"),
    "mp4-hevc": (".mp4", "-c:v libx265 -pix_fmt yuv420p10le -tag:v hvc1 -x265-params log-level=none", "-c:a aac"),
    "mov-prores": (".mov", "-c:v prores_ks -pix_fmt yuv422p10le", "-c:a pcm_s24le"),
    "mov-mjpeg": (".mov", "-c:v mjpeg -pix_fmt yuvj420p -q:v 3", "-c:a pcm_s16be"),
    "mkv-ffv1": (".mkv", "-c:v ffv1 -level 3", "-c:a pcm_s16le"),
    "mkv-h264": (".mkv", "-c:v libx264 -pix_fmt yuv420p -bf 2 -g 6", "-c:a libvorbis"),
    "webm": (".webm", "-c:v libvpx-vp9 -pix_fmt yuv420p -deadline realtime -cpu-used 8", "-c:a libopus"),
    "ts": (".ts", "-c:v libx264 -pix_fmt yuv420p -g 5", "-c:a mp2"),
    "m2ts": (".m2ts", "-c:v libx264 -pix_fmt yuv420p -mpegts_m2ts_mode 1", "-c:a pcm_bluray -ac 2"),
    "mpg": (".mpg", "-c:v mpeg2video -pix_fmt yuv420p -bf 2 -b:v 3M", "-c:a mp2"),
    "vob": (".vob", "-c:v mpeg2video -pix_fmt yuv420p -bf 2 -b:v 3M -f vob", "-c:a ac3"),
    "avi-mpeg4": (".avi", "-c:v mpeg4 -pix_fmt yuv420p -bf 2 -q:v 3", "-c:a libmp3lame"),
    "avi-dv": (".avi", "-c:v dvvideo -pix_fmt yuv420p", "-c:a pcm_s16le -ac 2"),
    "avi-raw": (".avi", "-c:v rawvideo -pix_fmt yuv420p", "-c:a pcm_s16le"),
    "avi-huffyuv": (".avi", "-c:v huffyuv -pix_fmt yuv422p", "-c:a pcm_s16le"),
    "mxf": (".mxf", "-c:v mpeg2video -pix_fmt yuv422p -qscale:v 3 -profile:v 0", "-c:a pcm_s16le"),
    "wmv": (".wmv", "-c:v wmv2 -pix_fmt yuv420p -q:v 3", "-c:a wmav2"),
    "flv": (".flv", "-c:v libx264 -pix_fmt yuv420p", "-c:a aac"),
    "ogv": (".ogv", "-c:v libtheora -pix_fmt yuv420p -q:v 8", "-c:a libvorbis"),
    "3gp": (".3gp", "-c:v libx264 -pix_fmt yuv420p", "-c:a aac"),
    "nut": (".nut", "-c:v ffvhuff -pix_fmt yuv420p", "-c:a pcm_s16le"),
    "y4m": (".y4m", "-pix_fmt yuv420p", None),
    "gif": (".gif", "-filter_complex split[a][b];[a]palettegen[p];[b][p]paletteuse", None),
    "apng": (".apng", "-c:v apng -pix_fmt rgba -plays 0", None),
    "h264": (".h264", "-c:v libx264 -pix_fmt yuv420p -bf 0", None),
    "ivf": (".ivf", "-c:v libvpx -pix_fmt yuv420p", None),
}
LOSSLESS = ("mkv-ffv1", "nut")
PLAIN = Kind()
FIELDS = {
    "progressive": PLAIN,
    "tff": Kind(("-flags", "+ildct+ilme"), "tinterlace=interleave_top,setfield=tff", traits=traits("interlaced")),
    "bff": Kind(("-flags", "+ildct+ilme"), "tinterlace=interleave_bottom,setfield=bff", traits=traits("interlaced")),
    "flag-only-in-frames": Kind((), "tinterlace=4,setfield=tff", traits=traits("interlaced"),
                                only=("avi-dv", "mkv-ffv1", "mpg", "mp4")),
}
COLOURS = {
    "untagged": PLAIN,
    "bt709": Kind((), "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"),
    "partial": Kind((), "setparams=range=pc:colorspace=smpte170m", traits=traits("full")),
    "pq": Kind((), "setparams=range=tv:color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"),
    **{f: Kind(pixels=f, only=LOSSLESS) for f in
       "yuv444p yuv422p10le yuva420p bgr0 bgra gray gray16le gbrp12le rgb48le yuv420p9le yuv440p yuv411p yuva444p10le".split()},
    **{f: Kind(pixels=f, only=("nut", "avi-raw")) for f in "yuvj420p rgb24 pal8 nv12 monow yuyv422 rgb565le gbrpf32le".split()},
}
SOUNDS = {
    "one": PLAIN,
    "none": Kind(sound=()),
    "two": Kind(sounds=2),
    "surround": Kind(("-ac", "6")),
    "mono-8k": Kind(("-ac", "1", "-ar", "8000"), only=("mkv-ffv1", "avi-raw", "mov-prores", "mp4")),
    "float": Kind(sound=("pcm_f32le",), only=("mkv-ffv1", "mov-prores", "avi-raw", "nut")),
    "24-bit": Kind(sound=("pcm_s24le",), only=("mkv-ffv1", "mov-prores", "avi-raw", "mxf")),
    "late": Kind(("-af", "asetpts=PTS+0.2/TB"), only=("mp4", "mkv-ffv1", "mov-prores", "ts", "mkv-h264")),
    "flac": Kind(sound=("flac",), only=("mkv-ffv1", "mkv-h264", "mp4")),
}
CLOCKS = {
    "steady": PLAIN,
    "start": Kind(("-output_ts_offset", "3")),
    "ntsc": Kind((), "setpts=N*1001/30000/TB", traits=traits("ntsc")),
    "variable": Kind(("-fps_mode", "vfr"), "select=not(mod(n\\,3))+lt(n\\,6)",
                     only=("mp4", "mkv-ffv1", "mkv-h264", "mov-prores", "webm", "ts", "nut")),
    "back": Kind(finish="joined", traits=traits("jump"), only=("ts", "m2ts", "mpg", "h264")),
    "forward": Kind(finish="joined-later", traits=traits("jump"), only=("ts", "m2ts")),
    "single": Kind((), "trim=end_frame=1"),
}
SIZES = {
    "even": PLAIN,
    "odd": Kind(size="161x91"),
    "tiny": Kind(size="34x22"),
    "anamorphic": Kind((), "setsar=16/15"),
    "rotated": Kind(finish="rotated", only=("mp4", "mov-prores")),
    "changing": Kind(finish="sizes", traits=traits("sizes"), only=("h264", "ts")),
    "pal": Kind(size="720x576"),
}
EXTRAS = {
    "nothing": PLAIN,
    "tags": Kind(("-metadata", "title=A title", "-metadata", "location=+59.9+10.7/", "-metadata:s:0", "language=fra",
                  "-metadata", "studio=Someone's")),
    "cover": Kind(finish="cover", only=("mp4", "mkv-ffv1", "mkv-h264")),
    "timecode": Kind(("-timecode", "01:02:03:04"), only=("mov-prores", "mov-mjpeg", "mp4", "mxf", "mkv-ffv1")),
    "subtitle": Kind(finish="subtitle", only=("mkv-ffv1", "mkv-h264", "mp4")),
    "chapters": Kind(finish="chapters", only=("mp4", "mkv-ffv1", "mov-prores")),
    "attachment": Kind(finish="attachment", only=("mkv-ffv1", "mkv-h264")),
    "captions": Kind(finish="captions", only=("mpg", "ts")),
}
NAMES = {
    "plain": "clip", "colon": "10:30", "apostrophe": "it's", "dash": "-x", "percent": "a%03d", "braces": "{}",
    "template": '{= $_="x" =}', "space": "a film of us", "brackets": "[b];c,d", "backslash": "a\\b", "unicode": "\u6620\u753b \u00e9",
    "shell": "$(echo x)`y`", "quote": 'say "so"', "hash": "a#b?c&d",
}
AXES = {"fields": FIELDS, "colour": COLOURS, "sound": SOUNDS, "clock": CLOCKS, "size": SIZES, "extra": EXTRAS}


@dataclass
class Film:
    container: str
    kinds: dict = field(default_factory=dict)  # axis: value, where it is not the first of the axis
    name: str = "plain"

    def kind(self, axis):
        values = AXES[axis]
        return values[self.kinds.get(axis, next(iter(values)))]

    @property
    def traits(self):
        return frozenset().union(*(self.kind(axis).traits for axis in AXES))

    @property
    def file(self):
        return NAMES[self.name] + CONTAINERS[self.container][0]

    def __str__(self):
        return " ".join([self.container, *(f"{k}={v}" for k, v in self.kinds.items()),
                         *([f"name={self.name}"] if self.name != "plain" else [])])


def one_by_one():
    """A film for each container as it is, and with each property that it can have changed alone; names in turn."""
    films = []
    for container in CONTAINERS:
        films.append(Film(container))
        for axis, values in AXES.items():
            for value in list(values)[1:]:
                if not values[value].only or container in values[value].only:
                    films.append(Film(container, {axis: value}))
    return films + [Film(container, name=name) for container in ("mp4", "mkv-ffv1", "ts") for name in list(NAMES)[1:]]


def mixed(random):
    """A film of which several properties are drawn."""
    film = Film(random.choice(list(CONTAINERS)), name=random.choice(list(NAMES)))
    for axis, values in AXES.items():
        fitting = [v for v in values if not values[v].only or film.container in values[v].only]
        if random.random() < 0.4 and len(fitting) > 1:
            film.kinds[axis] = random.choice(fitting[1:])
    return film


def make(film, folder, ffmpeg):
    """Writes a film into folder; returns its path, or None where FFmpeg cannot make this combination."""
    suffix, video, sound = CONTAINERS[film.container]
    kinds = {axis: film.kind(axis) for axis in AXES}
    size = next((k.size for k in kinds.values() if k.size), "720x576" if "dv" in film.container else "160x90")
    rate = 2 * RATE if "interlaced" in film.traits else RATE
    filters = [f"testsrc2=size={size}:rate={rate}:duration=0.6", *(k.filters for k in kinds.values() if k.filters)]
    pixels = kinds["colour"].pixels
    if pixels:
        filters.append(f"format={pixels}")
        video = " ".join(w for n, w in enumerate(video.split()) if "-pix_fmt" not in video.split()[max(0, n - 1):n + 1])
    count = kinds["sound"].sounds if sound and kinds["sound"].sound != () else 0
    inputs = ["-f", "lavfi", "-i", ",".join(filters), *(SOUND * count)]
    maps = [w for n in range(count + 1) for w in ("-map", f"{n}")] if film.container != "gif" else []
    audio = [] if not count else ["-c:a", *kinds["sound"].sound] if kinds["sound"].sound else sound.split()
    options = [w for axis, k in kinds.items() for w in k.options if count or axis != "sound"]
    target = folder / film.file
    plain = folder / f"made{suffix}"
    if not run(ffmpeg, *inputs, *maps, *video.split(), *audio, *options, plain):
        return None
    finish = next((k.finish for k in kinds.values() if k.finish), "")
    if finish and not FINISHES[finish](ffmpeg, plain, folder, [*inputs, *maps, *video.split(), *audio, *options]):
        return None
    plain.rename(target)
    return target


def run(ffmpeg, *words):
    words = [f"file:{w}" if hasattr(w, "parent") else str(w) for w in words]
    return not subprocess.run([ffmpeg, "-v", "error", "-nostdin", "-y", *words], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=60).returncode


def again(ffmpeg, plain, *words):
    """Replaces a file by what ffmpeg makes of it."""
    other = plain.with_name("other" + plain.suffix)
    if not run(ffmpeg, "-i", plain, *words, other):
        return False
    other.replace(plain)
    return True


def joined(ffmpeg, plain, folder, words, offset=()):
    second = folder / f"second{plain.suffix}"
    if not run(ffmpeg, *words, *offset, second):
        return False
    plain.write_bytes(plain.read_bytes() + second.read_bytes())
    second.unlink()
    return True


def sizes(ffmpeg, plain, folder, words):
    return joined(ffmpeg, plain, folder, [w.replace("160x90", "320x180") for w in words]) and \
        joined(ffmpeg, plain, folder, [w.replace("160x90", "96x64") for w in words])


def rotated(ffmpeg, plain, folder, words):
    if run(ffmpeg, "-display_rotation", "90", "-i", plain, "-map", "0", "-c", "copy", folder / f"other{plain.suffix}"):
        (folder / f"other{plain.suffix}").replace(plain)
        return True
    return again(ffmpeg, plain, "-map", "0", "-c", "copy", "-metadata:s:v", "rotate=90")


def cover(ffmpeg, plain, folder, words):
    picture = folder / "cover.png"
    if not run(ffmpeg, "-f", "lavfi", "-i", "testsrc=size=48x48", "-frames:v", "1", picture):
        return False
    if plain.suffix == ".mkv":
        done = again(ffmpeg, plain, "-map", "0", "-c", "copy", "-attach", picture, "-metadata:s:t", "mimetype=image/png",
                     "-metadata:s:t", "filename=cover.png")
    else:
        done = again(ffmpeg, plain, "-i", picture, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic")
    picture.unlink()
    return done


def with_text(name, text, *words):
    def finish(ffmpeg, plain, folder, _):
        file = folder / name
        file.write_text(text)
        done = again(ffmpeg, plain, *(file if w == "FILE" else w for w in words))
        file.unlink()
        return done
    return finish


def captions(ffmpeg, plain, folder, words):
    from captions import with_captions
    bare, told = folder / "bare.m2v", folder / "told.m2v"
    if not run(ffmpeg, *words[:4], "-an", "-c:v", "mpeg2video", "-pix_fmt", "yuv420p", bare):
        return False
    with open(bare, "rb") as source, open(told, "wb") as target:
        target.writelines(with_captions(source))
    done = run(ffmpeg, "-framerate", "25", "-f", "mpegvideo", "-i", told, "-c", "copy", plain)
    bare.unlink(), told.unlink()
    return done


SUBTITLE = "1\n00:00:00,000 --> 00:00:00,500\nHello\n"
CHAPTER = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=300\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=300\nEND=600\n"
FINISHES = {
    "joined": joined, "joined-later": lambda f, p, d, w: joined(f, p, d, w, ("-output_ts_offset", "60")), "sizes": sizes,
    "rotated": rotated, "cover": cover, "captions": captions,
    "subtitle": with_text("s.srt", SUBTITLE, "-i", "FILE", "-map", "0", "-map", "1", "-c", "copy", "-c:s",
                          "mov_text", "-strict", "-2"),
    "chapters": with_text("c.txt", CHAPTER, "-f", "ffmetadata", "-i", "FILE", "-map", "0", "-map_chapters", "1", "-c", "copy"),
    "attachment": with_text("font.ttf", "no font", "-map", "0", "-c", "copy", "-attach", "FILE", "-metadata:s:t",
                            "mimetype=font/ttf"),
}
