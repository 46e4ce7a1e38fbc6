# The filter's part of FATE, FFmpeg's own tests, in the tree that ffmpeg was built from.
# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess
import sys
import unittest
from pathlib import Path

from harness import FFMPEG, FilterTest

OBJECTS = Path(FFMPEG).parents[2] / "objects"
REFERENCE = Path(__file__).resolve().parents[1] / "fate/network.raw"


class Fate(FilterTest):
    def suite(self):
        """The directory that tests/fate/deblur.mak expects."""
        for name, scale in (("network", 30), ("zero", 0)):
            self.weights(scale=scale).rename(self.directory / f"{name}.safetensors")
        (self.directory / "network.raw").write_bytes(REFERENCE.read_bytes())
        return self.directory

    def make(self, suite, target):
        return subprocess.run(["make", "-C", OBJECTS, target, f"DEBLUR_SUITE={suite}"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_filter_deblur(self):
        suite = self.suite()
        run = self.make(suite, "fate-filter-deblur")
        self.assertEqual(run.returncode, 0, run.stdout)
        for name in ("strength", "disabled", "zero", "network"):
            self.assertIn(f"TEST    filter-deblur-{name}", run.stdout)
        # They can fail.
        (suite / "network.safetensors").rename(suite / "zero.safetensors")
        self.assertNotEqual(self.make(suite, "fate-filter-deblur-zero").returncode, 0)


if __name__ == "__main__":
    if not OBJECTS.is_dir():
        sys.exit(77)
    unittest.main()
