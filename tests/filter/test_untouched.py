# Where nothing is to be corrected, the output equals the input bit for bit.
# SPDX-License-Identifier: LGPL-2.1-or-later
import unittest

from harness import FORMATS, SOURCE, FilterTest, read_framemd5

SIZES = ("1x1", "3x5", "639x479")


class Untouched(FilterTest):
    def in_every_format(self, deblur, **options):
        """The frames of the source, and those that the filter makes of it, by pixel format."""
        graphs = {}
        for name in FORMATS:
            graphs[name, "in"] = f"scale,format={name}"
            graphs[name, "out"] = f"scale,format={name},{deblur}"
        return self.frames(graphs, **options)

    def assert_same(self, frames):
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertEqual(frames[name, "out"], frames[name, "in"])

    def test_every_format_is_restored(self):
        # The control of the other tests: a correction does show.
        frames = self.in_every_format(self.deblur(), count=3)
        for name in FORMATS:
            for before, after in zip(frames[name, "in"], frames[name, "out"]):
                with self.subTest(format=name):
                    self.assertNotEqual(after[3], before[3])

    def test_strength_0(self):
        self.assert_same(self.in_every_format(self.deblur(strength=0), count=5))

    def test_zero_correction(self):
        zero = self.deblur(self.weights(scale=0))
        self.assert_same(self.in_every_format(zero, count=5))

    def test_zero_correction_at_another_resolution(self):
        zero = self.deblur(self.weights(scale=0), resolution="32x24")
        self.assert_same(self.in_every_format(zero, count=3))

    def test_disabled(self):
        self.assert_same(self.in_every_format(self.deblur(enable=0), count=5))

    def test_packed_formats_by_way_of_ffmpegs_conversion(self):
        # v210 is a codec, of 10 bits; packed 4:2:2 becomes planar and back, and both lose nothing.
        zero, deblur = self.deblur(self.weights(scale=0)), self.deblur()
        source = ["-v", "warning", "-f", "lavfi", "-i", f"{SOURCE}:duration=1"]
        self.ffmpeg(*source, "-pix_fmt", "yuv422p10le", "-c:v", "v210", "tape.mov")
        for name in ("yuyv422", "uyvy422"):
            self.ffmpeg(*source, "-c:v", "rawvideo", "-pix_fmt", name, f"{name}.nut")
        for name, codec in (("tape.mov", ["v210"]), ("yuyv422.nut", ["rawvideo", "-pix_fmt", "yuyv422"]),
                            ("uyvy422.nut", ["rawvideo", "-pix_fmt", "uyvy422"])):
            frames = {}
            for chain in ("null", zero, deblur):
                self.ffmpeg("-v", "warning", "-i", name, "-vf", chain, "-c:v", *codec, "-f", "framemd5", "out.framemd5")
                frames[chain] = read_framemd5(self.directory / "out.framemd5")
            with self.subTest(name=name):
                self.assertEqual(len(frames["null"]), 10)
                self.assertEqual(frames[zero], frames["null"])
                self.assertNotEqual(frames[deblur][5], frames["null"][5])

    def test_odd_sizes(self):
        zero, deblur = self.deblur(self.weights(scale=0)), self.deblur()
        for size in SIZES:
            source = f"testsrc2=size=640x480:rate=10,scale={size.replace('x', ':')}"
            graphs = {}
            for name in ("yuv420p", "yuv422p", "nv12", "rgb24", "p010le"):
                head = f"scale,format={name}"
                graphs[name, "in"] = head
                graphs[name, "zero"] = f"{head},{zero}"
                graphs[name, "deblur"] = f"{head},{deblur}"
            frames = self.frames(graphs, source=source, count=2)
            for name, what in graphs:
                with self.subTest(size=size, format=name, what=what):
                    self.assertEqual(len(frames[name, what]), 2)
                    if what == "zero":
                        self.assertEqual(frames[name, what], frames[name, "in"])
                    elif what == "deblur" and size == SIZES[-1]:
                        self.assertNotEqual(frames[name, what], frames[name, "in"])


class Timeline(FilterTest):
    def test_disabled_frames_are_untouched_and_the_state_goes_on(self):
        part = self.deblur() + ":enable='between(t,1,2)'"
        frames = self.frames({"in": "null", "all": self.deblur(), "part": part})
        for n in range(30):
            with self.subTest(frame=n):
                expected = "all" if 10 <= n <= 20 else "in"
                self.assertEqual(frames["part"][n], frames[expected][n])
                self.assertNotEqual(frames["all"][n], frames["in"][n])


if __name__ == "__main__":
    unittest.main()
