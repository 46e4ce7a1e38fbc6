"""Running ffmpeg and ffprobe: finding them, asking about files, and what a run said."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import ctypes
import functools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from . import paths
from .program import Error, check_source
from .progress import show_progress

LEVEL = re.compile(r"(?:\[[^\]]* @ [^\]]*\] )*\[(panic|fatal|error|warning|info|verbose)\] (.*)")
DECODED = re.compile(r"Input stream #0:(\d+) \(video\): .*?(\d+) frames decoded")
WRITTEN = re.compile(r"Output stream #0:(\d+) \(video\): .*?(\d+) packets muxed")
RESIZED = re.compile(r"filter context - w: (\d+) h: (\d+) .*incoming frame - w: (\d+) h: (\d+) .*pts_time: (\S+)")
# Lines that only repeat that something went wrong.
GENERIC = re.compile(r"Conversion failed|Error initializing|Error (while )?(opening|filtering|sending|processing|splitting)|"
                     r"Task finished|Terminating thread|Nothing was written|Could not write header|Error muxing|Failed to|"
                     r"Output file .*does not contain|Cannot determine format|Error reinitializing|Error configuring|"
                     r"Error marking|Error submitting|Could not open encoder|Decode error rate|Qavg|"
                     r"ff_frame_thread_encoder_init|Error applying|Error parsing|Error during (demuxing|seeking)|Received no packets")
# What must not happen although ffmpeg ends with status 0.
UNWRITTEN = re.compile(r"Error (writing trailer|closing file)|av_interleaved_write_frame")


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
        version = subprocess.run([self.program, "-version"], capture_output=True, text=True, errors="replace").stdout
        numbers = re.match(r"ffmpeg version n?(\d+)\.(\d+)", version)
        # A snapshot of the development branch has no number: it is newer than any release.
        self.version = tuple(map(int, numbers.groups())) if numbers else (99, 0)

    def probe(self, path, *arguments):
        """What ffprobe says about a file, by default of its format, streams and chapters.

        Streams have at least index, codec_type, disposition and tags; the format has tags.
        """
        arguments = arguments or ("-show_format", "-show_streams", "-show_chapters")
        check_source(path)
        run = subprocess.run([self.prober, "-v", "error", "-of", "json", *arguments, *paths.source(path)],
                             capture_output=True, text=True, errors="replace")
        if run.returncode:
            raise Error(f"{path}: {run.stderr.strip().splitlines()[-1].rpartition(': ')[2] if run.stderr.strip() else 'ffprobe failed'}")
        probed = json.loads(run.stdout)
        probed.setdefault("format", {}).setdefault("tags", {})
        for number, stream in enumerate(probed.setdefault("streams", [])):
            for key, missing in (("index", number), ("codec_type", "unknown"), ("disposition", {}), ("tags", {})):
                stream.setdefault(key, missing)
        return probed

    def packets(self, path, stream, entries):
        """A stream's packets in the file's order: dictionaries, in which entries that are unknown are missing."""
        return self.probe(path, "-select_streams", str(stream), "-show_entries", f"packet={entries}").get("packets", [])

    def help(self, kind, name):
        """What ffmpeg -h tells of an encoder, muxer, filter ...; nothing if it has none of this name."""
        return component_help(self.program, kind, name)

    def run(self, arguments, *, frames=0, label="", cwd=None, hints=()):
        """Runs ffmpeg and shows progress towards a number of frames. Returns its Log; raises Error with the reason."""
        command = [self.program, "-hide_banner", "-nostdin", "-nostats", "-v", "level+verbose", "-y", "-progress", "pipe:1",
                   *map(str, arguments)]
        log = Log()
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
                                 cwd=cwd, preexec_fn=end_with_parent)
        reader = threading.Thread(target=log.read, args=(child.stderr,), daemon=True)
        reader.start()
        try:
            show_progress(child.stdout, frames, label, hints)
        finally:
            if sys.exc_info()[0]:
                child.terminate()
            child.wait()
            reader.join(5)
            child.stdout.close()
            child.stderr.close()
        unwritten = [line for line in log.errors if UNWRITTEN.search(line)]
        if child.returncode < 0:
            raise Error(f"{label}: ffmpeg was ended by {signal.Signals(-child.returncode).name}")
        if child.returncode or unwritten:
            raise Error(f"{label}: {log.reason() if child.returncode else unwritten[0]}")
        return log

    def output(self, arguments, **options):
        """What an ffmpeg run writes to its standard output, as bytes."""
        run = subprocess.run([self.program, "-hide_banner", "-nostdin", "-nostats", "-v", "level+error", *map(str, arguments)],
                             capture_output=True, **options)
        if run.returncode:
            log = Log()
            log.read(run.stderr.decode(errors="replace").splitlines())
            raise Error(log.reason())
        return run.stdout

    def works(self, arguments):
        """Whether an ffmpeg run succeeds."""
        return not subprocess.run([self.program, "-hide_banner", "-nostdin", "-v", "quiet", "-y", *map(str, arguments)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def command_line(self, arguments):
        return shlex.join([self.program, *map(str, arguments)])


class Log:
    """What an ffmpeg run says that matters.

    errors: lines; decoded: frames by number of the input's stream; written: packets by number of the output's stream;
    resized: (width, height, time) of the first frame that had another size than those before.
    """

    MOST = 1000  # lines that are kept of a source with that many errors

    def __init__(self):
        self.errors, self.decoded, self.written, self.resized = [], {}, {}, None

    def read(self, lines):
        for line in lines:
            level, text = (LEVEL.match(line) or LEVEL.match("[info] " + line.strip())).groups()
            if level in ("panic", "fatal", "error"):
                self.errors.append(f"{'deblur: ' if 'deblur' in line and 'deblur' not in text else ''}{text.strip()}")
                if len(self.errors) > self.MOST:
                    del self.errors[self.MOST // 2]
            elif found := DECODED.search(text):
                self.decoded[int(found[1])] = int(found[2])
            elif found := WRITTEN.search(text):
                self.written[int(found[1])] = int(found[2])
            elif (found := RESIZED.search(text)) and not self.resized and found.groups()[:2] != found.groups()[2:4]:
                self.resized = (int(found[3]), int(found[4]), found[5])

    def reason(self):
        """Why a run has failed, in one line: the filter's own words if it said any, else the last that are specific."""
        own = [line for line in self.errors if "deblur" in line and not GENERIC.search(line)]
        specific = [line for line in self.errors if not GENERIC.search(line)]
        return next(iter(own or specific[-1:] or self.errors[-1:]), "ffmpeg failed")


@functools.lru_cache(maxsize=None)
def component_help(program, kind, name):
    text = subprocess.run([program, "-v", "quiet", "-h", f"{kind}={name}"], capture_output=True, text=True,
                          errors="replace").stdout
    return text if text.lstrip().lower().startswith(kind) else ""


def has_filter(program):
    return bool(component_help(program, "filter", "deblur"))


def end_with_parent():
    """Lets Linux kill a child when its parent is gone: a killed script must not leave an ffmpeg that writes on."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
