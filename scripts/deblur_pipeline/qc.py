"""Quality control after deblur-broadcast: compares an output with its source in everything, and measures pictures."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import base64
import subprocess
from fractions import Fraction
from itertools import zip_longest

from . import broadcast, paths
from .container import is_vanc
from .differences import fields
from .program import Error
from .sidedata import AFD
from .video import look, rate, videos

WORST = 4  # frames shown as pictures


def read_metadata(path):
    """What the filter metadata=print has written: for each frame a dictionary, names without 'lavfi.'."""
    frames = []
    try:
        with open(path) as lines:
            for line in lines:
                if line.startswith("frame:"):
                    frames.append({})
                elif line.startswith("lavfi."):
                    key, _, value = line.strip().partition("=")
                    frames[-1][key.removeprefix("lavfi.")] = float(value)
    except (OSError, ValueError, IndexError):
        raise Error(f"{path}: the filters' measurements are not whole; is the disk for temporary files full?") from None
    return frames


def examine(ffmpeg, source, output, folder):
    """The report, as a dictionary that JSON can hold. folder has source.txt and deblurred.txt of the run.

    Raises Error if what is needed cannot be read.
    """
    before, after = ffmpeg.probe(source), ffmpeg.probe(output)
    ffmpeg.output([*paths.source(output), "-map", "0:v:0", "-vf", "signalstats=stat=brng,metadata=print:file=encoded.txt",
                   "-fps_mode", "passthrough", "-f", "null", "-"], cwd=folder)
    frames = {name: read_metadata(folder / f"{name}.txt") for name in ("source", "deblurred", "encoded")}
    checks = [*times(ffmpeg, source, output, len(frames["deblurred"])), *tags(before, after),
              *audio(ffmpeg, source, output, before, after), *captions(ffmpeg, source, output),
              *data_tracks(ffmpeg, source, output, before, after), *afd(ffmpeg, source, output, before, after),
              gamut(frames)]
    rows = [dict(frame=n, sharpness_before=d.get("deblur.sharpness.before", 0.0),
                 sharpness_after=d.get("deblur.sharpness.after", 0.0), reset=bool(d.get("deblur.reset")),
                 out_of_range_source=s.get("signalstats.BRNG"), out_of_range_deblurred=d.get("signalstats.BRNG"),
                 out_of_range_encoded=e.get("signalstats.BRNG"))
            for n, (s, d, e) in enumerate(zip_longest(*frames.values(), fillvalue={})) if s and d]
    return dict(source=str(source), output=str(output), filter=ffmpeg.filter,
                passed=all(c["passed"] is not False for c in checks), checks=checks, scenes=scenes(rows),
                worst=[dict(r, picture=picture(ffmpeg, source, output, r["frame"], before)) for r in worst(rows)],
                frames=rows)


def check(name, passed, text):
    """passed: None if this is information only."""
    return dict(name=name, passed=passed, text=text)


def compare(name, before, after):
    return check(name, before == after, f"{before}" if before == after else f"{before} in the source, {after} now")


def presentation_times(ffmpeg, path):
    probed = ffmpeg.probe(path, "-select_streams", "v:0", "-show_entries", "packet=pts:stream=time_base")
    if not probed["streams"]:
        return []
    base = Fraction(probed["streams"][0]["time_base"])
    return sorted(p["pts"] * base for p in probed.get("packets", []) if "pts" in p)


def times(ffmpeg, source, output, filtered):
    before, after = presentation_times(ffmpeg, source), presentation_times(ffmpeg, output)
    counts = (len(before), filtered, len(after))
    yield check("frames", len(set(counts)) == 1, "{} in the source, {} deblurred, {} in the output".format(*counts))
    first = [(t[0] if t else 0) for t in (before, after)]
    errors = [abs((a - first[0]) - (b - first[1])) for a, b in zip(before, after)]
    largest = max(errors, default=0)
    yield check("timestamps", bool(errors) and largest < Fraction(1, 1000), f"largest difference {float(largest):.6f} s")


def tags(before, after):
    one, other = videos(before)[0], videos(after)[0]
    for key in "width height r_frame_rate sample_aspect_ratio color_range color_space color_primaries color_transfer".split():
        if key in one:
            yield compare(key, one[key], other.get(key, "unknown"))
        elif key in other:
            # What the source does not say, FFmpeg's encoders and muxers may.
            yield check(key, None, f"not told in the source, {other[key]} now")
    yield compare("fields", fields(one), fields(other))
    codes = [broadcast.start_timecode(probed) for probed in (before, after)]
    if codes[0] is None and codes[1]:
        yield check("time code", None, f"none in the source, {codes[1]} now: MXF always has one")
    else:
        yield compare("time code", codes[0] or "none", codes[1] or "none")


def samples(ffmpeg, path, stream):
    return subprocess.Popen([ffmpeg.program, "-v", "error", "-nostdin", *paths.source(path), "-map", f"0:{stream['index']}",
                             "-c:a", "pcm_s32le", "-f", "s32le", "-"], stdout=subprocess.PIPE)


def audio(ffmpeg, source, output, before, after):
    """Sample by sample, as decoded, so that another byte order or depth of PCM is no difference."""
    streams = [[s for s in probed["streams"] if s["codec_type"] == "audio"] for probed in (before, after)]
    yield compare("audio streams", *map(len, streams))
    for number, (one, other) in enumerate(zip(*streams)):
        name = f"audio {number + 1}"
        if one.get("channels") != other.get("channels") or not one.get("channels"):
            yield compare(name, f"{one.get('channels')} channels", f"{other.get('channels')} channels")
            continue
        size, total = 4 * one["channels"], 0
        with samples(ffmpeg, source, one) as a, samples(ffmpeg, output, other) as b:
            while True:
                x, y = a.stdout.read(size * 65536), b.stdout.read(size * 65536)
                common = min(len(x), len(y))
                if x[:common] != y[:common] or len(x) > len(y) or any(y[common:]):
                    a.kill(), b.kill()
                    yield check(name, False, f"differs between samples {total} and {total + max(len(x), len(y)) // size}")
                    break
                total += common // size
                if not y or len(x) < len(y):
                    padding = (len(y) - common) // size
                    yield check(name, True, f"{total} samples identical" +
                                (f", then {padding} of silence to fill the last frame" if padding else ""))
                    break


def caption_packets(ffmpeg, path):
    """A53 captions in the video: a time, size and MD5 for each frame that has them."""
    text = ffmpeg.output(["-f", "lavfi", "-i", f"movie={paths.filter_value(paths.url(path))}[out0+subcc]", "-map", "0:s", "-c", "copy",
                          "-f", "framemd5", "-"]).decode()
    return [line.split(",")[2:] for line in text.splitlines() if not line.startswith("#")]


def captions(ffmpeg, source, output):
    if not ffmpeg.help("filter", "movie"):
        return [check("captions (A53)", None, "not compared: this ffmpeg has no filter movie")]
    before, after = (caption_packets(ffmpeg, path) for path in (source, output))
    text = f"{len(before)} frames with captions" + (", byte for byte the same" if before and before == after else "")
    if before != after:
        text = f"{len(before)} frames with captions in the source, {len(after)} in the output, or other bytes"
    return [check("captions (A53)", before == after, text)]


def data_tracks(ffmpeg, source, output, before, after):
    """SMPTE 436 tracks, packet by packet."""
    hashes = []
    for path, probed in ((source, before), (output, after)):
        tracks = [s["index"] for s in probed["streams"] if is_vanc(s)]
        text = ffmpeg.output([*paths.source(path), *(f for i in tracks for f in ("-map", f"0:{i}")), "-c", "copy",
                              "-f", "framemd5", "-"]).decode() if tracks else ""
        hashes.append([line.split(",")[4:] for line in text.splitlines() if not line.startswith("#")])
    text = f"{len(hashes[0])} packets" + (" identical" if hashes[0] else "")
    return [check("ancillary data (SMPTE 436)", hashes[0] == hashes[1], text if hashes[0] == hashes[1] else
                  f"{len(hashes[0])} packets in the source, {len(hashes[1])} in the output, or other bytes")]


def afd(ffmpeg, source, output, before, after):
    found = [look(ffmpeg, path, probed, videos(probed)[0]).side_data.get(AFD)
             for path, probed in ((source, before), (output, after))]
    if any(found):
        # No encoder of FFmpeg can write it: told, but no reason to refuse a file.
        yield check("AFD in the video", None if not found[1] else True,
                    "kept" if all(found) else "in the source, not in the output: no encoder of FFmpeg writes it")


def gamut(frames):
    """No frame may have more illegal samples after deblurring than before; what the encoder adds is told."""
    shares = {name: [f.get("signalstats.BRNG", 0.0) for f in found] for name, found in frames.items()}
    worse = sum(d > s for s, d in zip(shares["source"], shares["deblurred"]))
    shares = {name: 100 * sum(values) / max(1, len(values)) for name, values in shares.items()}
    return check("legal range", not worse, f"{worse} frames with new samples outside; mean share outside: " + ", ".join(
        f"{share:.4f} % {name}" for name, share in shares.items()))


def scenes(rows):
    found = []
    for row in rows:
        if row["reset"] or not found:
            found.append([])
        found[-1].append(row)
    return [dict(first=s[0]["frame"], frames=len(s), sharpness_before=mean(s, "sharpness_before"),
                 sharpness_after=mean(s, "sharpness_after")) for s in found]


def mean(rows, key):
    return sum(row[key] for row in rows) / len(rows)


def worst(rows):
    """Frames that gained least sharpness, or lost some; at most one in a second, to see different ones."""
    chosen = []
    for row in sorted(rows, key=lambda r: (r["sharpness_after"] + 1) / (r["sharpness_before"] + 1)):
        if len(chosen) < WORST and all(abs(row["frame"] - c["frame"]) > 25 for c in chosen):
            chosen.append(row)
    return chosen


def picture(ffmpeg, source, output, frame, probed):
    """Source and output side by side, as a data URL."""
    stream = videos(probed)[0]
    seek = max(0.0, float((frame - Fraction(1, 2)) / rate(stream))) if rate(stream) else 0.0
    jpeg = ffmpeg.output(["-ss", f"{seek:.6f}", *paths.source(source), "-ss", f"{seek:.6f}", *paths.source(output), "-filter_complex",
                          "[0:v:0]scale=w=800:h=-2,format=yuvj420p,pad=iw+8:ih[a];[1:v:0]scale=w=800:h=-2,format=yuvj420p[b];"
                          "[a][b]hstack", "-frames:v", "1", "-q:v", "3", "-c:v", "mjpeg", "-f", "image2pipe", "-"])
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
