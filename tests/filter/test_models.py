# Every architecture in the filter, by random weights; maps as pictures; and the shipped weights by name.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import subprocess
import unittest

from harness import FFMPEG, MAKE_WEIGHTS, FilterTest

SIZE = (96, 64)
WITH_MAP = ("bladenet", "strcnn_dtb_local")

COUNT = 8


def moving_box():
    """Frames, in planes G, B and R, of a box that moves before a picture at rest by 8 pixels while each is exposed: blur
    in one place."""
    width, height = SIZE
    frames = bytearray()
    for n in range(COUNT):
        for plane in range(3):
            for y in range(height):
                for x in range(width):
                    value = 60 + 40 * ((x // 6 + y // 5 + plane) % 4)
                    if 20 <= y < 44:
                        covered = sum(10 + 8 * n + i <= x < 30 + 8 * n + i for i in range(9)) / 9
                        value += covered * (240 - 25 * plane - value)
                    frames.append(round(value))
    return bytes(frames)


def architectures():
    run = subprocess.run([MAKE_WEIGHTS, "x", "--architecture", "?"], capture_output=True, text=True)
    return re.search(r"\{(.*?)\}", run.stderr + run.stdout).group(1).split(",")


class Models(FilterTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = moving_box()
        (cls.directory / "source.raw").write_bytes(cls.source)

    def raw(self, name, filters):
        """The moving box after filters."""
        self.ffmpeg("-v", "error", "-f", "rawvideo", "-pix_fmt", "gbrp", "-video_size", "{}x{}".format(*SIZE), "-i",
                    "source.raw", "-vf", filters, "-f", "rawvideo", name)
        return (self.directory / name).read_bytes()

    def test_help_names_every_architecture(self):
        run = subprocess.run([FFMPEG, "-hide_banner", "-h", "filter=deblur"], capture_output=True, text=True,
                             check=True)
        names = architectures()
        self.assertIn("strcnn_dtb", names)
        for name in names:
            self.assertRegex(run.stdout, rf"\b{name}\b")

    def test_every_architecture_restores(self):
        for name in architectures():
            with self.subTest(name):
                restored = self.raw(f"{name}.raw", self.deblur(self.weights(name, 1, scale=30), precision="fp32"))
                self.assertEqual(len(restored), len(self.source))
                self.assertNotEqual(restored, self.source)

    def test_mask_is_a_gray_picture(self):
        # Fresh weights see one half everywhere.
        for name in WITH_MAP:
            with self.subTest(name):
                shown = self.raw(f"{name}-mask.raw", self.deblur(self.weights(name, 1), mask=1))
                self.assertLess(max(abs(value - 127.5) for value in shown), 8)

    def test_mask_needs_a_model_that_has_one(self):
        log = self.ffmpeg("-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "2", "-vf",
                          self.deblur(mask=1), "-f", "null", "-", fails=True)
        self.assertRegex(log, r"'strcnn_dtb' has no mask to show, models that have are: bladenet, strcnn_dtb_local")

    def test_shipped_weights_leave_what_is_sharp(self):
        for name in WITH_MAP:
            with self.subTest(name):
                restored = self.raw("shipped.raw", f"deblur=model={name}:threads=1")
                changed = sum(a != b for a, b in zip(self.source, restored))
                self.assertGreater(changed, 1000, "the box stays as it was")
                self.assertLess(changed, len(self.source) / 2)


if __name__ == "__main__":
    unittest.main()
