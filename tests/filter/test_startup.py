# A program that does not deblur pays nothing: the engine is loaded when the filter is configured.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import unittest
from pathlib import Path

from harness import SOURCE, FilterTest


class Startup(FilterTest):
    def loaded(self, *arguments):
        """The names of all files that the dynamic linker has loaded during a run of ffmpeg."""
        for old in self.directory.glob("linker.*"):
            old.unlink()
        self.ffmpeg(*arguments, LD_DEBUG="files", LD_DEBUG_OUTPUT=str(self.directory / "linker"))
        log = "".join(file.read_text() for file in self.directory.glob("linker.*"))
        return {Path(file).name.split(".so")[0] for file in re.findall(r"file=(\S+) ", log)}

    def assert_without_engine(self, *arguments):
        loaded = self.loaded(*arguments)
        self.assertIn("libdeblur", loaded)
        self.assertTrue(loaded.isdisjoint({"engine-cpu", "engine-torch", "libdnnl", "libtorch", "libtorch_cpu", "libc10"}))

    def test_version(self):
        self.assert_without_engine("-version")

    def test_help(self):
        self.assert_without_engine("-h", "filter=deblur")

    def test_run_without_the_filter(self):
        self.assert_without_engine("-f", "lavfi", "-i", SOURCE, "-frames:v", "3", "-f", "null", "-")

    def test_run_with_the_filter(self):
        # The control: this is how it looks when it is loaded.
        loaded = self.loaded("-f", "lavfi", "-i", SOURCE, "-frames:v", "3",
                             "-vf", self.deblur(), "-f", "null", "-")
        self.assertIn("engine-cpu", loaded)
        self.assertIn("libdnnl", loaded)
        self.assertTrue(loaded.isdisjoint({"engine-torch", "libtorch", "libtorch_cpu", "libc10"}))


if __name__ == "__main__":
    unittest.main()
