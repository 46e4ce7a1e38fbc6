"""Running ffmpeg and ffprobe: finding them, asking about files, progress, and output that is whole or not there."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import argparse
import contextlib
import ctypes
import fcntl
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path


class Error(Exception):
    """A failure that the user can understand: one line."""


def main(script):
    """Runs a script's main function; errors become one line and exit status 1."""
    # A terminated script must end its ffmpeg and remove what is half written, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(script())
    except Error as error:
        sys.exit(f"{Path(sys.argv[0]).name}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def add_common_options(parser):
    parser.add_argument("--deblur", metavar="OPTIONS", default="",
                        help="options of the filter, such as model=strcnn_dtb_fast:resolution=1280x720:strength=0.8")
    parser.add_argument("--ffmpeg", metavar="PROGRAM",
                        help="an ffmpeg with the deblur filter, ffprobe beside it [$DEBLUR_FFMPEG, else ffmpeg-deblur, "
                             "else this repository's build, else ffmpeg]")
    parser.add_argument("--dry-run", action="store_true", help="print what would be run, and do nothing")
    parser.add_argument("--force", action="store_true", help="write outputs again that are there already")


def parser(description, **options):
    return argparse.ArgumentParser(description=description, **options,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)


class FFmpeg:
    """An ffmpeg that has the deblur filter, and the ffprobe beside it."""

    def __init__(self, wanted=None, deblur=""):
        wanted = wanted or os.environ.get("DEBLUR_FFMPEG")
        build = Path(__file__).resolve().parents[2] / "build/ffmpeg/install/bin/ffmpeg"
        names = [wanted] if wanted else ["ffmpeg-deblur", str(build), "ffmpeg"]
        # Absolute, for it is run in other folders too.
        self.program = next((os.path.abspath(found) for found in map(shutil.which, names) if found and has_filter(found)), None)
        if not self.program:
            raise Error(f"{wanted}: not there, or without the deblur filter" if wanted else
                        "found no ffmpeg with the deblur filter; build one (scripts/quickstart.sh) or use --ffmpeg")
        beside = Path(self.program).with_name(Path(self.program).name.replace("ffmpeg", "ffprobe"))
        self.prober = str(beside) if beside.exists() else shutil.which("ffprobe")
        if not self.prober:
            raise Error(f"found no ffprobe beside {self.program}")
        self.filter = f"deblur={deblur}" if deblur else "deblur"
        version = subprocess.run([self.program, "-version"], capture_output=True, text=True).stdout
        numbers = re.match(r"ffmpeg version n?(\d+)\.(\d+)", version)
        # A snapshot of the development branch has no number: it is newer than any release.
        self.version = tuple(map(int, numbers.groups())) if numbers else (99, 0)

    def probe(self, path, *arguments):
        """What ffprobe says about a file, by default of its format, streams and chapters."""
        arguments = arguments or ("-show_format", "-show_streams", "-show_chapters")
        if not Path(path).is_file():
            raise Error(f"{path}: no such file")
        run = subprocess.run([self.prober, "-v", "error", "-of", "json", *arguments, str(path)],
                             capture_output=True, text=True, errors="replace")
        if run.returncode:
            raise Error(last_line(run.stderr) or f"{path}: ffprobe failed")
        return json.loads(run.stdout)

    def has(self, kind, name):
        """Whether this ffmpeg has an encoder, muxer, filter ..."""
        return has_component(self.program, kind, name)

    def run(self, arguments, *, frames=0, label="", cwd=None):
        """Runs ffmpeg and shows progress towards a number of frames. Raises Error with its last words."""
        command = [self.program, "-hide_banner", "-nostdin", "-v", "warning", "-y", "-progress", "pipe:1",
                   *map(str, arguments)]
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=cwd,
                                     preexec_fn=end_with_parent)
            try:
                show_progress(child.stdout, frames, label)
            finally:
                if sys.exc_info()[0]:
                    child.terminate()
                child.wait()
            log.seek(0)
            said = log.read()
        if child.returncode:
            raise Error(f"{label}: {last_line(said) or 'ffmpeg failed'}")
        return said

    def output(self, arguments, **options):
        """What an ffmpeg run writes to its standard output, as bytes."""
        run = subprocess.run([self.program, "-hide_banner", "-nostdin", "-v", "error", *map(str, arguments)],
                             capture_output=True, **options)
        if run.returncode:
            raise Error(last_line(run.stderr.decode(errors="replace")) or "ffmpeg failed")
        return run.stdout

    def command_line(self, arguments):
        return shlex.join([self.program, *map(str, arguments)])


def has_component(program, kind, name):
    run = subprocess.run([program, "-v", "quiet", "-h", f"{kind}={name}"], capture_output=True, text=True)
    return run.stdout.lstrip().lower().startswith(kind)


def has_filter(program):
    return has_component(program, "filter", "deblur")


def end_with_parent():
    """Lets Linux kill a child when its parent is gone: a killed script must not leave an ffmpeg that writes on."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip() and "Conversion failed" not in line]
    # What the filter says names the value and what is valid; ffmpeg's lines after it do not.
    return next((line for line in lines if "deblur" in line), lines[-1] if lines else "").strip()


def show_progress(lines, frames, label):
    """Shows ffmpeg's -progress: one line that changes on a terminal, else a line at each tenth."""
    terminal, shown, start, values = sys.stderr.isatty(), -1, time.monotonic(), {}
    for line in lines:
        key, _, value = line.strip().partition("=")
        values[key] = value
        if key != "progress":
            continue
        done = int(values.get("frame", 0) or 0)
        seconds = max(time.monotonic() - start, 1e-3)
        percent = min(100, 100 * done // frames) if frames else 0
        left = f", {time_left(seconds * (frames - done) / done)} left" if 0 < done < frames else ""
        text = f"{label}: {percent} %, frame {done}, {done / seconds:.1f} fps{left}"
        if terminal:
            print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)
        elif percent // 10 > shown:
            shown = percent // 10
            print(text, file=sys.stderr, flush=True)
    if terminal and values:
        print(file=sys.stderr)


def time_left(seconds):
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


@contextlib.contextmanager
def whole_file(path):
    """A temporary name beside path to write to; what is there at the end without an error gets the name path.

    The temporary name is always the same, so a killed run leaves at most one file, which the next run takes over.
    """
    path = Path(path)
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        lock = open(part, "ab")
    except OSError as error:
        raise Error(f"{path}: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Error(f"{path}: another run is writing it") from None
        try:
            yield part
            os.fsync(lock.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)


def rate(stream):
    """Frames per second, as a Fraction; 0 if unknown."""
    for key in ("avg_frame_rate", "r_frame_rate"):  # the first is unknown of very short MXF files
        numerator, _, denominator = stream.get(key, "0/0").partition("/")
        if int(numerator) and int(denominator or 0):
            return Fraction(int(numerator), int(denominator))
    return Fraction(0)


def is_picture(stream):
    """Whether a video stream is a cover picture rather than video."""
    return bool(stream.get("disposition", {}).get("attached_pic"))


def videos(probed):
    return [s for s in probed["streams"] if s["codec_type"] == "video" and not is_picture(s)]


def frame_count(probed, stream):
    """How many frames a stream probably has; 0 if unknown. For progress only."""
    if stream.get("nb_frames", "").isdigit():
        return int(stream["nb_frames"])
    return int(Fraction(stream.get("duration") or probed["format"].get("duration") or 0) * rate(stream))


def is_interlaced(stream):
    return stream.get("field_order") in ("tt", "bb", "tb", "bt")
