"""Long videos in segments: planning the cuts, restoring one segment with warm-up frames before it, and joining."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import bisect
from fractions import Fraction
from pathlib import Path

from . import presets
from .ffmpeg import Error, videos, whole_file
from .streams import Mapping


def plan(ffmpeg, source, seconds, warm_up):
    """The segments of a video: a list of dictionaries that JSON can hold.

    Each has first and frames, counted in the order of presentation; warm, how many frames before the first are restored
    but not kept; from, start and end, the pts of the first of those, of the first frame and of the next segment's first;
    seek, a time in seconds of the file's own clock from where a decoder can start.

    A cut is made at the key frame that is nearest, within half a segment, to where it is due: encoders put those at scene
    cuts, and no frame is decoded in vain. Where there is none, any frame will do.
    """
    probed = ffmpeg.probe(source)
    stream = only_video(probed, source)
    packets = ffmpeg.probe(source, "-select_streams", str(stream["index"]), "-show_entries", "packet=pts,flags")["packets"]
    packets = [p for p in packets if "D" not in p["flags"]]  # discarded by an edit list: never seen
    if not packets or any("pts" not in p for p in packets):
        raise Error(f"{source}: its frames have no timestamps; copy it to Matroska first")
    pts = sorted(p["pts"] for p in packets)
    base = Fraction(stream["time_base"])
    keys = sorted(bisect.bisect_left(pts, p["pts"]) for p in packets if "K" in p["flags"])
    length = max(1, round(seconds / base / (pts[-1] - pts[0]) * (len(pts) - 1))) if len(pts) > 1 else 1

    cuts = [0]
    while len(pts) - cuts[-1] > 1.5 * length:
        due = cuts[-1] + length
        near = [k for k in keys if abs(k - due) <= length / 2]
        cuts.append(min(near, key=lambda k: abs(k - due), default=due))
    start = Fraction(probed["format"].get("start_time") or 0)
    result = []
    for first, end in zip(cuts, [*cuts[1:], len(pts)]):
        warm = min(first, warm_up)
        key = max((k for k in keys if k <= first - warm), default=0)
        result.append({"first": first, "frames": end - first, "warm": warm, "from": pts[first - warm],
                       "start": pts[first], "end": pts[end] if end < len(pts) else pts[-1] + 1,
                       "seek": float(max(0, pts[key] * base - start))})
    return result


def only_video(probed, source):
    found = videos(probed)
    if len(found) != 1:
        raise Error(f"{source}: has {len(found)} video streams; it must be one")
    return found[0]


def restore(ffmpeg, source, preset, segment, output):
    """Writes one segment as a MOV file that starts at time 0: MOV holds every preset's codec and any clock."""
    probed = ffmpeg.probe(source)
    stream = only_video(probed, source)
    filters, options = presets.encode(ffmpeg, source, stream, preset, [])
    # Frames are counted after the first trim, for it alone depends on where the demuxer has landed.
    chain = [f"trim=start_pts={segment['from']}", ffmpeg.filter, *filters,
             f"trim=start_frame={segment['warm']}:end_frame={segment['warm'] + segment['frames']}"]
    # Not by setpts, which takes the frames' durations in some releases: MOV would hide the last frame.
    start = float(segment["start"] * Fraction(stream["time_base"]))
    arguments = ["-i", Path(source).absolute(), "-map", f"0:{stream['index']}", "-vf", ",".join(chain), *options,
                 "-fps_mode", "passthrough", "-map_metadata", "-1", "-map_chapters", "-1",
                 "-output_ts_offset", f"{-start:.6f}", "-f", "mov"]
    seek = ["-copyts", "-noaccurate_seek", "-ss", f"{segment['seek']:.6f}"]
    with whole_file(output) as part:
        ffmpeg.run([*seek, *arguments, part], frames=segment["frames"], label=Path(output).stem)
        if frames_in(ffmpeg, part) < segment["frames"]:
            # Some demuxers land behind where they should: then decode from the start.
            ffmpeg.run(["-copyts", *arguments, part], frames=segment["frames"], label=Path(output).stem)
        count = frames_in(ffmpeg, part)
        if count != segment["frames"]:
            raise Error(f"{output}: has {count} frames instead of {segment['frames']}")


def frames_in(ffmpeg, path):
    probed = ffmpeg.probe(path, "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets")
    return int(probed["streams"][0].get("nb_read_packets", 0)) if probed["streams"] else 0


def join(ffmpeg, source, preset, segments, files, output):
    """Writes all segments' frames, as they are, and everything else from the source."""
    probed = ffmpeg.probe(source)
    stream = only_video(probed, source)
    base, start = Fraction(stream["time_base"]), Fraction(probed["format"].get("start_time") or 0)
    mapping = Mapping(probed, preset.container, source=1)
    video = mapping.videos[0]
    options = ["0:v:0" if o == f"1:{stream['index']}" else o for o in mapping.options]
    offset = segments[0]["start"] * base - start
    listing = files[0].with_name("segments.txt")
    listing.write_text("ffconcat version 1.0\n" + "".join(
        f"file '{quote(path.absolute())}'\nduration {length:.6f}\n"
        for path, length in zip(files, durations(segments, base))))
    tag = [preset.options[preset.options.index("-tag") + 1]] if "-tag" in preset.options else []
    with whole_file(output) as part:
        ffmpeg.run(["-itsoffset", f"{float(offset):.6f}", "-f", "concat", "-safe", "0", "-i", listing,
                    "-i", Path(source).absolute(), *options, f"-map_metadata:s:{video}", f"1:s:{stream['index']}",
                    f"-c:{video}", "copy", *(f for t in tag for f in (f"-tag:{video}", t)),
                    *presets.metadata_flags(probed, preset), "-f", preset.container, part], label=str(output))
        count, wanted = frames_in(ffmpeg, part), sum(s["frames"] for s in segments)
        if count != wanted:
            raise Error(f"{output}: has {count} frames instead of {wanted}")
    return mapping.notes


def durations(segments, base):
    """Seconds from each segment's first frame to the next one's. Rounded so that errors do not add up."""
    ends = [0.0] + [round(float((s["end"] - segments[0]["start"]) * base), 6) for s in segments]
    return [b - a for a, b in zip(ends, ends[1:])]


def quote(path):
    return str(path).replace("'", "'\\''")
