"""Long videos in segments: planning the cuts, restoring one segment with warm-up frames before it, and joining."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import bisect
import shutil
import statistics
import tempfile
from fractions import Fraction

from . import differences, paths, presets
from .container import Mapping
from .files import whole_file
from .program import Error
from .video import look, videos

# Demuxers whose clocks run from end to end of a file. Of all others, FFmpeg takes a leap of 10 s out.
STEADY = ("matroska", "mov", "mxf", "avi", "nut", "gif", "webp")
LEAP = 9.0  # seconds


def plan(ffmpeg, source, length, warm_up):
    """The tasks of a video, dictionaries that JSON can hold; and why it is not cut, or None.

    A video that cannot be cut is one task without anything in it. Of others, each task has first and frames, counted in
    the order of presentation; warm, how many frames before the first are restored but not kept; from, start and end, the
    pts of the first of those, of the first frame and of the next segment's first; seek, a time in seconds of the file's
    own clock from where a decoder can start.

    A cut is made at the key frame that is nearest, within half a segment, to where it is due: encoders put those at scene
    cuts, and no frame is decoded in vain. Where there is none, any frame will do.
    """
    probed = ffmpeg.probe(source)
    streams = videos(probed)
    if len(streams) != 1:
        return [{}], f"has {len(streams)} videos"
    stream = streams[0]
    packets = ffmpeg.packets(source, stream["index"], "pts,dts,flags")
    packets = [p for p in packets if "D" not in p["flags"]]  # discarded by an edit list: never seen
    base = Fraction(stream["time_base"])
    if reason := uncuttable(packets, base, probed["format"].get("format_name", "")):
        return [{}], reason
    pts = sorted(p["pts"] for p in packets)
    keys = sorted(bisect.bisect_left(pts, p["pts"]) for p in packets if "K" in p["flags"])
    step = max(1, round(length / base / (pts[-1] - pts[0]) * (len(pts) - 1))) if len(pts) > 1 else 1

    cuts = [0]
    while len(pts) - cuts[-1] > 1.5 * step:
        due = cuts[-1] + step
        near = [k for k in keys if abs(k - due) <= step / 2]
        cuts.append(min(near, key=lambda k: abs(k - due), default=due))
    start = Fraction(probed["format"].get("start_time") or 0)
    result = []
    for first, end in zip(cuts, [*cuts[1:], len(pts)]):
        warm = min(first, warm_up)
        key = max((k for k in keys if k <= first - warm), default=0)
        result.append({"first": first, "frames": end - first, "warm": warm, "from": pts[first - warm],
                       "start": pts[first], "end": pts[end] if end < len(pts) else pts[-1] + 1,
                       "seek": float(max(0, pts[key] * base - start))})
    return result, None


def uncuttable(packets, base, demuxer):
    """Why frames cannot be found by their times alone; None if they can."""
    if not packets:
        return "its frames are not told"
    if any("pts" not in p for p in packets):
        return "some frames have no times"
    if len({p["pts"] for p in packets}) < len(packets):
        return "several frames have the same time"
    times = [p["dts"] for p in packets if "dts" in p]
    steps = [b - a for a, b in zip(times, times[1:])]
    back = next((n for n, step in enumerate(steps) if step < 0), None)
    if back is not None:
        return f"its clock goes back at {float(times[back] * base):.3f} s"
    pts = [p["pts"] for p in packets]
    reach = 4 * max(statistics.median(steps or [1]), 1) * 8 * base  # of reordering
    if any(abs(p["pts"] - p["dts"]) * base > max(reach, 1) for p in packets if "dts" in p) or any(
            (highest - value) * base > max(reach, 1) for highest, value in zip(running_maximum(pts), pts)):
        return "its clock jumps"
    leap = next((n for n, step in enumerate(steps) if step * base > LEAP), None)
    if leap is not None and not demuxer.startswith(STEADY):
        return f"its clock leaps at {float(times[leap] * base):.3f} s"
    return None


def running_maximum(values):
    highest = values[0]
    for value in values:
        highest = max(highest, value)
        yield highest


def restore(ffmpeg, source, preset, task, output):
    """Writes what a task asks for: a segment as a MOV or MP4 file, which hold any clock, that starts at time 0; or, of a
    video that is not cut, the final file."""
    if not task:
        return restore_whole(ffmpeg, source, preset, output)
    probed = ffmpeg.probe(source)
    stream = videos(probed)[0]
    encoding = presets.encode(ffmpeg, source, look(ffmpeg, source, probed, stream), preset)
    own = encoding.filters.index(ffmpeg.filter)
    # Frames are counted after the first trim, for it alone depends on where the demuxer has landed.
    chain = [*encoding.filters[:own], f"trim=start_pts={task['from']}", *encoding.filters[own:],
             f"trim=start_frame={task['warm']}:end_frame={task['warm'] + task['frames']}"]
    # Not by setpts, which takes the frames' durations in some releases: MOV would hide the last frame.
    start = float(task["start"] * Fraction(stream["time_base"]))
    arguments = [*presets.input_options([encoding]), *paths.source(source), "-map", f"0:{stream['index']}", "-vf",
                 ",".join(chain), *encoding.options, "-fps_mode", "passthrough", "-map_metadata", "-1", "-map_chapters", "-1",
                 "-output_ts_offset", f"{-start:.6f}", "-f", segment_container(preset)]
    seek = ["-copyts", "-noaccurate_seek", "-ss", f"{task['seek']:.6f}"]
    with whole_file(output) as part:
        ffmpeg.run([*seek, *arguments, paths.url(part)], frames=task["frames"], label=output.stem)
        if differences.packet_count(ffmpeg, part, 0) < task["frames"]:
            # Some demuxers land behind where they should: then decode from the start.
            ffmpeg.run(["-copyts", *arguments, paths.url(part)], frames=task["frames"], label=output.stem)
        require_count(ffmpeg, output, part, task["frames"])


def segment_container(preset):
    """MOV holds all presets' codecs but AV1."""
    return "mp4" if preset.container == "mp4" else "mov"


def restore_whole(ffmpeg, source, preset, output):
    probed = ffmpeg.probe(source)
    arguments, mapping, _ = presets.arguments(ffmpeg, source, probed, preset)
    *arguments, muxer, container = arguments
    with tempfile.TemporaryDirectory(prefix="deblur-") as folder, whole_file(output) as part:
        log = ffmpeg.run([*arguments, *mapping.attach(folder), muxer, container, paths.url(part)], label=output.stem)
        differences.require_frames(source, log, mapping)
        differences.require_whole(ffmpeg, output, part, mapping, log)


def require_count(ffmpeg, output, path, wanted, stream=0):
    count = differences.packet_count(ffmpeg, path, stream)
    if count != wanted:
        raise Error(f"{output}: has {count} frames instead of {wanted}")


def join(ffmpeg, source, preset, tasks, files, output):
    """Writes all segments' frames, as they are, and everything else from the source. Returns lines for the user."""
    probed = ffmpeg.probe(source)
    mapping, encodings = presets.prepare(ffmpeg, source, probed, preset)
    notes = [*mapping.notes, *(note for e in encodings for note in e.notes)]
    with whole_file(output) as part:
        if not tasks[0]:
            shutil.copyfile(files[0], part)
        else:
            join_segments(ffmpeg, source, probed, preset, encodings[0], tasks, files, part)
            require_count(ffmpeg, output, part, sum(t["frames"] for t in tasks), mapping.videos[0])
        notes += differences.lines(probed, ffmpeg.probe(part), mapping)
    return notes


def join_segments(ffmpeg, source, probed, preset, encoding, tasks, files, part):
    stream = videos(probed)[0]
    base, start = Fraction(stream["time_base"]), Fraction(probed["format"].get("start_time") or 0)
    mapping = Mapping(ffmpeg, source, probed, preset.container, source=1)
    number = mapping.videos[0]
    options = ["0:v:0" if o == f"1:{stream['index']}" else o for o in mapping.options]
    offset = tasks[0]["start"] * base - start
    # Names without a folder, for those of concat are URLs, in which a folder's name may mean something else.
    folder, listing = files[0].parent, files[0].with_name("segments.txt")
    with whole_file(listing) as lines:
        lines.write_text("ffconcat version 1.0\n" + "".join(
            f"file {file.name}\nduration {length:.6f}\n" for file, length in zip(files, durations(tasks, base))))
    tag = [preset.options[preset.options.index("-tag") + 1]] if "-tag" in preset.options else []
    marks = "+".join(k for k, v in stream["disposition"].items() if v) or "0"
    with tempfile.TemporaryDirectory(prefix="deblur-") as covers:
        ffmpeg.run(["-itsoffset", f"{float(offset):.6f}", "-f", "concat", "-safe", "0", "-i", f"file:{listing.name}",
                    *paths.source(source), *options, f"-map_metadata:s:{number}", f"1:s:{stream['index']}",
                    f"-c:{number}", "copy", *(f for t in tag for f in (f"-tag:{number}", t)), f"-disposition:{number}", marks,
                    *(f for key, value in encoding.tags.items() for f in (f"-{key}:{number}", value)),
                    *presets.metadata_flags(probed, preset), *mapping.attach(covers), "-f", preset.container,
                    paths.url(part)], label=str(source), cwd=folder)


def durations(tasks, base):
    """Seconds from each segment's first frame to the next one's. Rounded so that errors do not add up."""
    ends = [0.0] + [round(float((t["end"] - tasks[0]["start"]) * base), 6) for t in tasks]
    return [b - a for a, b in zip(ends, ends[1:])]
