# Every shell script parses, and those for users explain themselves and refuse what they do not know.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import subprocess
import unittest
from pathlib import Path

SOURCE = Path(os.environ["DEBLUR_SOURCE"])


class Scripts(unittest.TestCase):
    def test_syntax(self):
        folders = ("scripts", "packaging", "libavfilter-patch", "tests/trials")
        scripts = [path for folder in folders for path in (SOURCE / folder).iterdir()
                   if path.is_file() and path.read_bytes()[:2] == b"#!" and b"sh" in path.read_bytes().split(b"\n")[0]]
        self.assertGreater(len(scripts), 5)
        for script in [*scripts, SOURCE / "scripts" / "common.sh"]:
            shell = "sh" if script.read_text().startswith("#!/bin/sh") else "bash"
            run = subprocess.run([shell, "-n", script], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stderr), (0, ""), script)

    def test_build_deb_usage(self):
        script = SOURCE / "scripts" / "build-deb.sh"
        told = subprocess.run([script, "--help"], capture_output=True, text=True)
        self.assertEqual(told.returncode, 0)
        self.assertIn("Usage: build-deb.sh", told.stdout)
        for arguments in (["--nonsense"], ["--output"], ["stray"]):
            run = subprocess.run([script, *arguments], capture_output=True, text=True)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn(arguments[0], run.stderr)


if __name__ == "__main__":
    unittest.main()
