# One property of every script on every film as people have them: the same frames, times, tags and streams, or a line that says
# what is different; exit status 0 only if the output is right.
#
# A sample, as continuous integration runs it:   test_films.py
# All of them, a quarter of an hour for each:    test_films.py --all [--ffmpeg PROGRAM]
#
# What is tested here is everything around the filter. So an ffmpeg without it will do, in which "null" stands in for it: the
# distribution's, which has all encoders and decoders.
# SPDX-License-Identifier: LGPL-2.1-or-later
import argparse
import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import films

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
PRESETS = ("archive", "web-h264", "prores", "web-hevc", "dnxhr", "web-av1")
COMMANDS = [("deblur-transcode", p) for p in PRESETS] + [("deblur-batch", "archive"), ("deblur-batch", "web-h264"),
                                                        ("deblur-broadcast", "prores")]
SUFFIXES = {"archive": ".mkv", "prores": ".mov", "dnxhr": ".mov"}
# Reasons for which a script may refuse a film; each is a line of its own.
REFUSALS = (r"interlaced, which FFmpeg cannot encode as DNxHR", r"DNxHR begins at 256x120", r"video dimensions? .*(small|large)",
            r"Source (Width|Height) must be at least", r"is not supported|unsupported|too small", r"cannot decode",
            r"has \d+ video streams", r"Error parsing")
STAND_IN = r"""#!/bin/bash
case "$*" in *"-h filter=deblur"*) echo "Filter deblur"; exit ;; esac
for word; do
    shift
    case $before in -vf | -filter* | -lavfi) word=$(sed -E 's/(^|[],;])deblur(=[^],;[]*)?/\1null/g' <<< "$word") ;; esac
    before=$word
    set -- "$@" "$word"
done
exec %s "$@"
"""


def stand_in(program, folder):
    """program as if it had the filter."""
    prober = Path(program).with_name(Path(program).name.replace("ffmpeg", "ffprobe"))
    (folder / "ffmpeg").write_text(STAND_IN % program)
    (folder / "ffprobe").write_text(f'#!/bin/bash\nexec {prober} "$@"\n')
    for name in ("ffmpeg", "ffprobe"):
        (folder / name).chmod(0o755)
    return str(folder / "ffmpeg")


class Trial:
    """One film through one script."""

    def __init__(self, ffmpeg, film, command):
        self.ffmpeg, self.film, (self.script, self.preset) = ffmpeg, film, command
        self.problems = []

    def run(self):
        with tempfile.TemporaryDirectory(prefix="deblur-film-") as holder:
            self.folder = Path(holder)
            source = films.make(self.film, self.folder, self.ffmpeg)
            if source is None or not self.frames(source):
                return None
            before = source.read_bytes()
            output = self.run_script(source)
            if source.read_bytes() != before:
                self.problems.append("the source was changed")
            left = {p.name for p in self.folder.iterdir()} - {source.name, "done", f"{output.name}.qc.json", f"{output.name}.qc.html"}
            if left:
                self.problems.append(f"left behind: {left}")
            if self.status == 0 or self.status == 2 and self.script == "deblur-broadcast":
                self.compare(source, output)
            elif not self.refused():
                self.problems.append(f"exit status {self.status}")
            elif output.exists():
                self.problems.append("refused, but there is an output")
        return not self.problems

    def run_script(self, source):
        output = self.folder / "done" / f"{source.stem}-deblurred{SUFFIXES.get(self.preset, '.mp4')}"
        command = [str(SCRIPTS / self.script), "--ffmpeg", self.ffmpeg]
        output.parent.mkdir()
        if self.script == "deblur-broadcast":
            command += ["--format", self.preset, source.name, str(output)]
        else:
            command += ["--preset", self.preset, "--output", "done", source.name]
        if self.script == "deblur-batch":
            command += ["--segment", "0.2", "--warm-up", "2", "--jobs", "2"]
        if self.preset == "web-h264":
            command[1:1] = ["--encoder-options", "-preset veryfast"]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=120)
        self.status, self.said = run.returncode, run.stderr
        if "Traceback" in run.stderr:
            self.problems.append("a traceback")
        return output

    def refused(self):
        return any(re.search(reason, self.said) for reason in REFUSALS)

    def told(self, *words):
        return all(word.lower() in self.said.lower() for word in words)

    def probe(self, path, *arguments):
        prober = str(Path(self.ffmpeg).with_name("ffprobe"))
        text = subprocess.run([prober, "-v", "quiet", "-of", "json", *arguments, f"file:{path}"], capture_output=True,
                              text=True, errors="replace").stdout
        return json.loads(text or "{}")

    def frames(self, path):
        """The first video's frames as they are decoded: time, whether interlaced."""
        found = self.probe(path, "-select_streams", "V:0", "-show_frames").get("frames", [])
        return [(float(f.get("best_effort_timestamp_time", f.get("pts_time", "nan"))), f.get("interlaced_frame"))
                for f in found if f.get("media_type") == "video"]

    def compare(self, source, output):
        if not output.exists():
            self.problems.append("no output")
            return
        both = [self.probe(p, "-show_streams", "-show_format", "-show_chapters") for p in (source, output)]
        one, other = ([s for s in p["streams"] if s["codec_type"] == "video" and not s["disposition"]["attached_pic"]][0]
                      for p in both)
        self.compare_frames(source, output)
        self.compare_pictures(source, output, one, other)
        self.compare_streams(*both)
        for key in ("color_space", "color_primaries", "color_transfer", "color_range", "sample_aspect_ratio"):
            had, has = one.get(key), other.get(key)
            if had not in (None, "unknown", "gbr", "0:1", "1:1", "N/A") and had != has and not self.told(
                    {"color_range": "range", "sample_aspect_ratio": "pixels"}.get(key, key)) and not self.told("RGB becomes"):
                if not (key == "color_range" and (has is None and had == "tv" or "gray" in one["pix_fmt"])):
                    self.problems.append(f"{key} was {had}, is {has}")
        for key in ("title", "location", "studio"):
            had = both[0]["format"].get("tags", {})
            has = {k.lower() for k in both[1]["format"].get("tags", {})}
            if key in {k.lower() for k in had} and key not in has and not self.told(key):
                self.problems.append(f"tag {key} is lost")
        if len(both[0]["chapters"]) != len(both[1]["chapters"]) and not self.told("chapters"):
            self.problems.append("chapters are lost")

    def compare_frames(self, source, output):
        before, after = self.frames(source), self.frames(output)
        if len(before) != len(after):
            self.problems.append(f"{len(before)} frames became {len(after)}")
        if not self.film.traits & {"jump", "sizes"}:
            late = max((abs((a - before[0][0]) - (b - after[0][0])) for (a, _), (b, _) in zip(before, after)), default=0)
            if late > 0.0021 and self.film.container not in ("y4m", "h264", "ivf", "gif", "apng"):
                self.problems.append(f"times differ by {late:.4f} s")
        if any(b <= a for (a, _), (b, _) in zip(after, after[1:])):
            self.problems.append("times do not rise")
        if before[0][1] and not self.preset.startswith("web") and not all(f for _, f in after):
            self.problems.append("interlaced frames are no longer marked")
        if self.preset.startswith("web") and any(f for _, f in after):
            self.problems.append("interlaced for the web")

    def compare_pictures(self, source, output, one, other):
        """Frame by frame: identical where the preset is lossless and nothing else was said, else alike."""
        width, height = 160, 90
        exact = self.preset == "archive" and not self.told("not lossless") and "sizes" not in self.film.traits
        shown = f"scale={width}:{height}:flags=area:out_range=tv:interl=0,format=yuv444p,setpts=N/TB/25,settb=1/25"
        if exact:
            shown = f"format={other['pix_fmt']},setpts=N/TB/25,settb=1/25"
            if one["pix_fmt"].startswith("yuvj"):
                shown = "scale=in_range=pc:out_range=pc," + shown
        crop = f"crop={one['width']}:{one['height']}:0:0," if (one["width"] % 2 or one["height"] % 2) and not exact else ""
        run = subprocess.run([self.ffmpeg, "-hide_banner", "-nostdin", "-v", "info", "-reinit_filter",
                              "0" if "sizes" in self.film.traits else "1", "-i", f"file:{source}",
                              "-i", f"file:{output}", "-lavfi", f"[0:V:0]{shown}[a];[1:V:0]{crop}{shown}[b];[a][b]psnr=stats_file=-",
                              "-f", "null", "/dev/null"], capture_output=True, text=True, errors="replace")
        values = [float(v) for v in re.findall(r"psnr_avg:(\S+)", run.stdout)]
        floor = 99 if exact else 14 if "interlaced" in self.film.traits and self.preset.startswith("web") else 19
        if run.returncode or not values:
            self.problems.append(f"pictures cannot be compared: {run.stderr.strip().splitlines()[-1:]}")
        elif min(values) < floor:
            self.problems.append(f"pictures differ: {min(values):.1f} dB at frame {values.index(min(values))}"
                                 + (" (not identical)" if exact else ""))

    def compare_streams(self, before, after):
        """All are there, or told to be left out; sound as long as it was, and as far from the pictures."""
        def kinds(probed):
            return [(s["codec_type"], s["disposition"].get("attached_pic", 0)) for s in probed["streams"]]
        for kind in set(kinds(before)):
            if kind[0] == "data":
                continue
            had, has = kinds(before).count(kind), kinds(after).count(kind)
            said = len(re.findall(rf"stream \d+ \({kind[0]}[^\n]*left out", self.said))
            if had > has + said:
                self.problems.append(f"{had - has} of {had} {kind[0]} streams are gone")
        if kinds(after).count(("video", 0)) > kinds(before).count(("video", 0)):
            self.problems.append("there is a video that was none before")
        for one, other in zip(*([s for s in p["streams"] if s["codec_type"] == "audio"] for p in (before, after))):
            a, b = (float(s.get("duration") or p["format"].get("duration", 0)) for s, p in ((one, before), (other, after)))
            if abs(a - b) > 0.12 and "jump" not in self.film.traits:
                self.problems.append(f"sound lasts {b:.2f} s instead of {a:.2f} s")
            videos = ([s for s in p["streams"] if s["codec_type"] == "video"][0] for p in (before, after))
            apart = [float(s.get("start_time", 0)) - float(v.get("start_time", 0)) for s, v in zip((one, other), videos)]
            if abs(apart[0] - apart[1]) > 0.05 and "jump" not in self.film.traits:
                self.problems.append(f"sound was {apart[0]:.3f} s after the pictures and is {apart[1]:.3f} s")
            if one["codec_name"] != other["codec_name"] and not self.told("becomes " + other["codec_name"]):
                self.problems.append(f"sound is {other['codec_name']} without a word")


def sample(seed, count):
    """Films and commands: each property once on a container in turn, and mixtures."""
    drawn = random.Random(seed)
    singles = films.one_by_one()
    drawn.shuffle(singles)
    chosen = singles[:count // 2] + [films.mixed(drawn) for _ in range(count - count // 2)]
    return [(film, drawn.choice(COMMANDS)) for film in chosen]


def everything():
    for film in films.one_by_one():
        start = zlib.crc32(str(film).encode())
        for command in {COMMANDS[start % len(COMMANDS)], COMMANDS[(start // 7) % len(COMMANDS)], ("deblur-transcode", "archive")}:
            yield film, command


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--ffmpeg", default=shutil.which("ffmpeg"))
    p.add_argument("--all", action="store_true")
    p.add_argument("--count", type=int, default=36)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", default="", help="a regular expression for film and command")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    o = p.parse_args()
    if not o.ffmpeg or not shutil.which("parallel"):
        return 77
    with tempfile.TemporaryDirectory(prefix="deblur-stand-in-") as folder:
        ffmpeg = stand_in(os.path.abspath(o.ffmpeg), Path(folder))
        work = [(f, c) for f, c in (everything() if o.all else sample(o.seed, o.count)) if re.search(o.only, f"{f} {' '.join(c)}")]
        trials = [Trial(ffmpeg, film, command) for film, command in work]
        with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
            results = []
            for trial, result in zip(trials, pool.map(attempt, trials)):
                results.append(result)
                report(trial, result, o.verbose)
    print(f"{results.count(True)} held, {results.count(False)} failed, {results.count(None)} films cannot be made here")
    return 1 if False in results or True not in results else 0


def report(trial, result, verbose):
    if not verbose and result is not False:
        return
    print(f"{'FAILED' if result is False else 'ok' if result else 'none'}: {trial.film} | {trial.script} {trial.preset}: "
          + "; ".join(trial.problems))
    print("".join(f"    {line}\n" for line in trial.said.splitlines() if " fps" not in line), end="", flush=True)


def attempt(trial):
    trial.said = ""
    try:
        return trial.run()
    except subprocess.TimeoutExpired as error:
        trial.problems.append(f"does not end: {error.cmd[:2]}")
    except Exception as error:  # of the test itself
        trial.problems.append(f"test: {error!r}")
    return False


if __name__ == "__main__":
    sys.exit(main())
