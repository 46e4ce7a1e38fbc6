#!/usr/bin/env python3
"""Makes a long 1080i25 XDCAM HD422 file with all that broadcasters add, sends it through deblur-broadcast, and compares
the two in everything but the picture, without the report's own code. See --help."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import argparse
import io
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scripts"))
from captions import PACKET, PICTURE, ancillary_packet, caption, with_captions  # noqa: E402

RATE, MINUTE = 25, 60
# What may differ between two files with the same content: names, identities, and the size of the pictures' data.
INCIDENTAL = {"filename", "size", "bit_rate", "max_bit_rate", "uid", "file_package_umid", "material_package_umid",
              "modification_date", "product_uid", "product_version", "toolkit_version", "application_platform",
              "product_name", "company_name", "generation_uid", "probe_score"}


def options():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("folder", type=Path, help="for in.mxf, out.mxf and the report; about 900 MB for each minute")
    p.add_argument("--ffmpeg", required=True, help="with the filter; ffprobe beside it")
    p.add_argument("--minutes", type=int, default=10)
    p.add_argument("--deblur", default="model=strcnn_dtb_fast:resolution=320x180", metavar="OPTIONS")
    p.add_argument("--picture", metavar="VIDEO", help="what is seen: the first minute of this [a test picture]")
    return p.parse_args()


def ffmpeg(o, *arguments, **more):
    return subprocess.run([o.ffmpeg, "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True, **more)


def make_minute(o, path):
    """A minute of interlaced pictures, as a bare stream."""
    picture = ["-stream_loop", -1, "-i", o.picture] if o.picture else ["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=50"]
    ffmpeg(o, *picture, "-map", "0:v", "-vf", "fps=50,scale=1920:1080:force_original_aspect_ratio=increase,crop=1920:1080,"
           "tinterlace=interleave_top,setfield=tff,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
           "-frames:v", MINUTE * RATE, "-pix_fmt", "yuv422p", "-c:v", "mpeg2video", "-profile:v", 0, "-level:v", 2,
           "-flags", "+ildct+ilme", "-b:v", "50M", "-maxrate", "50M", "-bufsize", 36408333, "-bf", 2, "-g", 12,
           "-dc", 10, "-intra_vlc", 1, "-qmin", 1, "-f", "mpeg2video", path)


def make_source(o, path):
    """The minute repeated; each frame with captions and ancillary data of its own; two sounds of two channels, which are
    noise, so that no two samples agree by chance."""
    plain = o.folder / "minute.m2v"
    if not plain.exists():
        make_minute(o, o.folder / "minute.part.m2v")
        (o.folder / "minute.part.m2v").rename(plain)
    frames = o.minutes * MINUTE * RATE
    with open(o.folder / "ancillary", "wb") as file:
        file.writelines(map(ancillary_packet, range(frames)))
    noise = [f for seed in (1, 2) for f in ("-f", "lavfi", "-i", f"anoisesrc=r=48000:seed={seed}:a=0.2,aformat=cl=stereo")]
    step = 1000000 // RATE
    mux = subprocess.Popen([str(a) for a in (
        o.ffmpeg, "-v", "error", "-y", "-framerate", RATE, "-f", "mpegvideo", "-i", "-", *noise, "-f", "data",
        "-raw_packet_size", PACKET, "-i", o.folder / "ancillary", "-map", 0, "-map", 1, "-map", 2, "-map", 3,
        "-c:v", "copy", "-c:a", "pcm_s24le", "-c:d", "copy", "-bsf:d", f"setts=pts=N*{step}:dts=N*{step}:duration={step}",
        "-metadata:s:3", "data_type=vbi_vanc_smpte_436M", "-t", o.minutes * MINUTE, "-timecode", "10:00:00:00", path)],
        stdin=subprocess.PIPE)
    repeated = itertools.chain.from_iterable(
        iter(lambda file=open(plain, "rb"): file.read(1 << 20), b"") for _ in range(o.minutes))
    mux.stdin.writelines(with_captions(Chunks(repeated)))
    mux.stdin.close()
    if mux.wait():
        sys.exit("could not make the source")


class Chunks(io.RawIOBase):
    """An iterator of bytes as a file."""

    def __init__(self, chunks):
        self.chunks = chunks

    def read(self, size=-1):
        return next(self.chunks, b"")


def probed(o, path):
    """Every key that ffprobe tells of the file and its streams, but for those that must differ."""
    program = Path(o.ffmpeg).with_name(Path(o.ffmpeg).name.replace("ffmpeg", "ffprobe"))
    run = subprocess.run([program, "-v", "error", "-of", "json", "-show_format", "-show_streams", path],
                         capture_output=True, check=True)
    return dict(flat(json.loads(run.stdout)))


def flat(value, name=""):
    if isinstance(value, (dict, list)):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in INCIDENTAL:
                yield from flat(below, f"{name}.{key}".lstrip("."))
    else:
        yield name, value


def copied(o, path, streams):
    """MD5 of each packet of these streams, as stored, with its times."""
    run = ffmpeg(o, "-i", path, *(f for s in streams for f in ("-map", f"0:{s}")), "-c", "copy", "-f", "framemd5", "-",
                 capture_output=True, text=True)
    return [re.sub(r"\s", "", line) for line in run.stdout.splitlines() if not line.startswith("#")]


def presentation_times(o, path):
    """When each picture is shown, in units of the file's clock."""
    return sorted(int(line.split(",")[2]) for line in copied(o, path, ["v:0"]))


def stored_captions(o, path):
    """The bytes of each picture's captions, in the order in which pictures are shown, straight from the bit stream."""
    demuxed = subprocess.Popen([o.ffmpeg, "-v", "error", "-nostdin", "-i", path, "-map", "0:v:0", "-c", "copy",
                                "-f", "mpeg2video", "-"], stdout=subprocess.PIPE)
    shown, group, rest = [], 0, b""
    while True:
        chunk = demuxed.stdout.read(1 << 20)
        *pieces, rest = (rest + chunk).split(PICTURE)
        for piece in pieces if chunk else [*pieces, rest]:
            head = piece[:piece.find(b"\0\0\1\1")]
            order = head[0] << 2 | head[1] >> 6 if len(head) > 1 else 0
            found = head.find(b"GA94\3")
            shown.append((group, order, head[found + 5:found + 5 + len(caption(0))] if found >= 0 else b""))
            group += b"\0\0\1\xb8" in piece
        if not chunk:
            demuxed.wait()
            return [bytes_ for _, _, bytes_ in sorted(shown[1:], key=lambda s: s[:2])]  # what is before the first picture


def report(name, passed, text):
    print(f"{'same     ' if passed else 'DIFFERENT'}  {name}: {text}", flush=True)
    return passed


def compare(o, source, output):
    frames = o.minutes * MINUTE * RATE
    before, after = probed(o, source), probed(o, output)
    different = {k: (before.get(k), after.get(k)) for k in {*before, *after} if before.get(k) != after.get(k)}
    yield report("ffprobe", not different, different or f"{len(before)} values of format and streams")
    one, other = presentation_times(o, source), presentation_times(o, output)
    yield report("times of pictures", one == other and len(one) == frames, f"{len(one)} and {len(other)}")
    for name, streams in (("audio", ["a:0", "a:1"]), ("ancillary data", ["d:0"])):
        one, other = copied(o, source, streams), copied(o, output, streams)
        yield report(name, bool(one) and one == other, f"{len(one)} and {len(other)} packets")
    one, other = stored_captions(o, source), stored_captions(o, output)
    made = [caption(n) for n in range(frames)]
    yield report("captions", sorted(one) == sorted(made) and one == other, f"{len(one)} and {len(other)} pictures with captions")


def main():
    o = options()
    o.folder.mkdir(parents=True, exist_ok=True)
    source, output = o.folder / "in.mxf", o.folder / "out.mxf"
    if not source.exists():
        make_source(o, o.folder / "in.part.mxf")
        (o.folder / "in.part.mxf").rename(source)
    if not output.exists():
        status = subprocess.run([ROOT / "scripts/deblur-broadcast", "--ffmpeg", o.ffmpeg, "--deblur", o.deblur, source,
                                 output]).returncode
        if status:
            sys.exit(f"deblur-broadcast: exit status {status}")
    sys.exit(not all([*compare(o, source, output)]))


if __name__ == "__main__":
    main()
