# What the tests of scripts/ share: running a script with the ffmpeg under test, clips to run it on, and looking at results.
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/filter"), str(ROOT / "scripts")]
from harness import FFMPEG, FilterTest  # noqa: E402

FFPROBE = str(Path(FFMPEG).with_name("ffprobe"))
METADATA = ";FFMETADATA1\ntitle=A title\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=One\n"
SUBTITLE = "1\n00:00:00,000 --> 00:00:00,500\nHello\n"


class ScriptTest(FilterTest):
    def script(self, name, *arguments, status=0, ffmpeg=FFMPEG, **environment):
        """Runs a script in the test's directory; returns what it wrote to stdout and stderr."""
        command = [str(ROOT / "scripts" / name), "--ffmpeg", str(ffmpeg), *map(str, arguments)]
        run = subprocess.run(command, cwd=self.directory, capture_output=True, text=True,
                             env={**os.environ, **environment})
        self.assertEqual(run.returncode, status, f"{' '.join(command)}\n{run.stdout}{run.stderr}")
        self.assertNotIn("Traceback", run.stderr)
        return run.stdout + run.stderr

    @classmethod
    def options(cls, **more):
        """Options of the filter for the scripts: quick, with a visible correction."""
        return cls.deblur(**more).removeprefix("deblur=")

    def probe(self, name, *arguments):
        arguments = arguments or ("-show_format", "-show_streams", "-show_chapters")
        run = subprocess.run([FFPROBE, "-v", "error", "-of", "json", *arguments, str(self.directory / name)],
                             capture_output=True, text=True, check=True)
        return json.loads(run.stdout)

    def codecs(self, name):
        return [(s["codec_type"], s.get("codec_name")) for s in self.probe(name)["streams"]]

    def times(self, name):
        """Presentation times of the video, in order, since the file begins (with sound before time 0, say)."""
        probed = self.probe(name, "-select_streams", "v:0", "-show_entries", "packet=pts_time:format=start_time")
        start = float(probed["format"]["start_time"])
        return sorted(round(float(p["pts_time"]) - start, 6) for p in probed["packets"])

    def hashes(self, name, stream="v:0"):
        """Of each frame, as it is decoded."""
        self.ffmpeg("-i", name, "-map", f"0:{stream}", *(("-fps_mode", "passthrough") if stream[0] == "v" else ()),
                    "-f", "framemd5", "hashes.txt")
        lines = (self.directory / "hashes.txt").read_text().splitlines()
        return [line.split(",")[-1].strip() for line in lines if not line.startswith("#")]

    def make_clip(self, name="clip.mkv", *, size="96x64", rate="25", frames=12, pixel_format="yuv420p", codec="ffv1",
                  more=()):
        self.ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}", "-frames:v", frames, "-pix_fmt",
                    pixel_format, "-c:v", codec, *more, name)
        return name

    def make_rich_clip(self, name="rich.mkv"):
        """A Matroska file with everything: 10 bits, BT.2020, two sounds, a subtitle, a chapter, an attachment, tags."""
        for file, text in (("s.srt", SUBTITLE), ("tags.txt", METADATA), ("font.ttf", "no font")):
            (self.directory / file).write_text(text)
        self.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=256x128:rate=25", "-f", "lavfi", "-i", "sine=1000",
                    "-f", "lavfi", "-i", "sine=500", "-i", "s.srt", "-f", "ffmetadata",
                    "-i", "tags.txt", "-map", 0, "-map", 1, "-map", 2, "-map", 3,
                    "-map_metadata", 4, "-map_chapters", 4, "-t", "0.48", "-vf", "format=yuv420p10le,"
                    "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv", "-c:v", "ffv1",
                    "-c:a:0", "pcm_s16le", "-c:a:1", "aac", "-c:s", "subrip", "-metadata:s:a:1", "language=fra",
                    "-metadata", "timecode=01:00:00:00", "-attach", "font.ttf", "-metadata:s:t", "mimetype=font/ttf", name)
        return name


def stuck_ffmpeg(directory):
    """An ffmpeg that begins its output and then never ends."""
    path = directory / "stuck/ffmpeg"
    path.parent.mkdir(exist_ok=True)
    pipe = directory / "stuck/pipe"
    if not pipe.exists():
        os.mkfifo(pipe)
    path.write_text(f"""#!/bin/sh
case "$*" in *-progress*) ;; *) exec {FFMPEG} "$@" ;; esac
for last; do :; done
echo half > "$last"
printf 'frame=1\\nprogress=continue\\n'
read line < {pipe}
""")
    path.chmod(0o755)
    probe = path.with_name("ffprobe")
    if not probe.exists():
        probe.symlink_to(FFPROBE)
    return path
