# The patches in libavfilter-patch/ bring the filter as it is in filters/.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def added_file(patch, name):
    """The contents of a file that a patch creates."""
    body = re.search(rf"^\+\+\+ b/{re.escape(name)}\n@@ -0,0 \+1,\d+ @@\n((?:\+.*\n)+)", patch, re.M)
    return re.sub(r"^\+", "", body[1], flags=re.M) if body else None


class Patches(unittest.TestCase):
    def test_they_are_current(self):
        patches = sorted((ROOT / "libavfilter-patch/patches").glob("ffmpeg-*.patch"))
        self.assertEqual([p.stem for p in patches], ["ffmpeg-5.1", "ffmpeg-7.1", "ffmpeg-9.0"])
        for patch in patches:
            for file in sorted((ROOT / "filters").glob("*.[ch]")):
                with self.subTest(patch=patch.name, file=file.name):
                    self.assertEqual(
                        added_file(patch.read_text(), f"libavfilter/{file.name}"),
                        file.read_text(),
                        "run scripts/build-ffmpeg.sh --write-patch for each release")


if __name__ == "__main__":
    unittest.main()
