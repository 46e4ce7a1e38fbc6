# ffmpeg-deblur and its like run the program of their name with our libavfilter before all others.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TEMPLATE = Path(os.environ["DEBLUR_SOURCE"]) / "packaging" / "program-deblur.in"


class Programs(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="deblur-test-")
        self.addCleanup(holder.cleanup)
        self.directory = Path(holder.name)
        self.make("ffmpeg", '#!/bin/sh\necho "$0 $LD_LIBRARY_PATH"\nprintf "<%s>" "$@"\nexit 3\n')
        text = TEMPLATE.read_text().replace("@LIBRARY_DIR@", "/our/lib").replace("@PROGRAM_DIR@", str(self.directory))
        self.wrapper = self.make("ffmpeg-deblur", text)

    def make(self, name, text):
        path = self.directory / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def start(self, program, *arguments, **environment):
        clean = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
        return subprocess.run([program, *arguments], capture_output=True, text=True, env={**clean, **environment})

    def test_library_path_arguments_and_status(self):
        for before, after in (({}, "/our/lib"), ({"LD_LIBRARY_PATH": "/a:/b"}, "/our/lib:/a:/b")):
            run = self.start(self.wrapper, "-i", "a b.mp4", "", **before)
            self.assertEqual(run.stdout, f"{self.directory}/ffmpeg {after}\n<-i><a b.mp4><>")
            self.assertEqual(run.returncode, 3)

    def test_program_that_is_not_installed(self):
        link = self.directory / "mpv-deblur"
        link.symlink_to(self.wrapper)
        run = self.start(link)
        self.assertEqual(run.returncode, 127)
        self.assertEqual(run.stderr, f"mpv-deblur: {self.directory}/mpv is not there\n")


if __name__ == "__main__":
    unittest.main()
