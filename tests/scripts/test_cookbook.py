# Every command of docs/cookbook.md runs. What needs hardware or a network: its filters are taken by ffmpeg.
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import re
import shlex
import shutil
import subprocess
import unittest

from script_test import FFPROBE, ROOT, ScriptTest
from harness import FFMPEG, has_component

PAGE = ROOT / "docs/cookbook.md"


def commands():
    """(how, command) of each line in the page's sh blocks; how: run, dry-run or parse."""
    for how, block in re.findall(r"(?:<!-- test: (\w[\w-]*)[^\n]*-->\n)?```sh\n(.*?)```", PAGE.read_text(), re.S):
        for line in block.strip().splitlines():
            yield how or "run", line


@unittest.skipUnless(has_component("encoder", "libx264"), "no libx264")
class Cookbook(ScriptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Stand-ins for the models that are shipped, and an ffmpeg that lets the network work small and on one thread.
        shipped = json.loads((ROOT / "models/index.json").read_text())
        names = [(m["name"], m["window"]) for m in shipped["models"]]
        models = cls.model_directory(cls, *sorted(names, key=lambda n: n[0] != shipped["default"]))
        programs = cls.directory / "programs"
        programs.mkdir()
        small = r"s/resolution=[a-z0-9]*/resolution=64x36/g; s/\bdeblur=/&threads=1:/; s/\bdeblur,/deblur=threads=1,/"
        (programs / "ffmpeg").write_text(f"""#!/bin/bash
for argument; do
    shift
    [[ $argument == *deblur[,=]* ]] && argument=$(sed '{small}' <<< "$argument")
    set -- "$@" "$argument"
done
exec {FFMPEG} "$@"
""")
        (programs / "ffmpeg").chmod(0o755)
        (programs / "ffprobe").symlink_to(FFPROBE)
        cls.environment = {"PATH": f"{programs}:{ROOT / 'scripts'}:{os.environ['PATH']}", "DEBLUR_MODELS": str(models),
                           "DEBLUR_FFMPEG": str(programs / "ffmpeg")}

    def setUp(self):
        audio = ["-f", "lavfi", "-i", "sine=1000:r=48000", "-c:a", "aac", "-t", "0.4"]
        for name in ("in.mp4", "phone.mov"):
            self.make(name, "testsrc2=size=96x64:rate=25", "-c:v", "libx264", *audio)
        interlaced = ["-vf", "tinterlace=interleave_top,setfield=tff", "-flags", "+ildct+ilme"]
        self.make("tape.mkv", "testsrc2=size=96x64:rate=50", *interlaced, "-c:v", "ffv1", *audio)
        self.make("programme.mxf", "testsrc2=size=1920x1080:rate=50", *interlaced, "-pix_fmt", "yuv422p", "-c:v", "mpeg2video",
                  "-f", "lavfi", "-i", "sine=1000:r=48000", "-c:a", "pcm_s24le", "-t", "0.08", "-timecode", "10:00:00:00")
        (self.directory / "folder").mkdir(exist_ok=True)
        for name in ("one", "two"):
            shutil.copy(self.directory / "phone.mov", self.directory / f"folder/{name}.mov")

    def make(self, name, source, *options):
        inputs = []
        options = list(options)
        while "-i" in options:  # inputs go before the options of the output
            at = options.index("-i")
            inputs += options[at - 2:at + 2]
            del options[at - 2:at + 2]
        self.ffmpeg("-f", "lavfi", "-i", source, *inputs, *options, name)

    def run_command(self, command):
        run = subprocess.run(["bash", "-c", command.replace("ffmpeg ", "ffmpeg -nostdin -y ", 1)], cwd=self.directory,
                             env={**os.environ, **self.environment}, capture_output=True, text=True, errors="replace")
        self.assertEqual(run.returncode, 0, f"{command}\n{run.stdout}{run.stderr}")

    def test_page(self):
        found = list(commands())
        self.assertGreater(len(found), 15)
        for how, command in found:
            with self.subTest(command=command):
                if how == "parse":
                    self.parse(command)
                elif command.startswith("deblur-batch") and how == "run" and not shutil.which("parallel"):
                    self.run_command(command + " --dry-run")
                else:
                    self.run_command(command + (" --dry-run" if how == "dry-run" else ""))
                shutil.rmtree(self.directory / "done", ignore_errors=True)

    def parse(self, command):
        """Runs the command's filters that this ffmpeg has, on the CPU, on a clip."""
        words = shlex.split(command)
        filters = words[words.index("-vf") + 1].split(",")
        own = [f for f in filters if has_component("filter", f.partition("=")[0])]
        self.assertTrue([f for f in own if f.startswith("deblur")] or len(own) < len(filters))
        chain = re.sub(r":?(device=cuda|precision=fp16)", "", ",".join(own or ["null"])).replace("deblur=,", "deblur,")
        self.run_command(f"ffmpeg -i in.mp4 -vf {shlex.quote(chain)} -f null -")


if __name__ == "__main__":
    unittest.main()
