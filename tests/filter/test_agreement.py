# The filter's frames are the library's, and those of the trainer's forward pass.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import subprocess
import unittest

from harness import SOURCE, FilterTest

RESTORE_RAW = os.environ["DEBLUR_RESTORE_RAW"]
WIDTH, HEIGHT, COUNT = 63, 47, 12


class Agreement(FilterTest):
    def raw(self, name, *chain):
        """The raw frames of the source after a filter chain."""
        head = f"trim=end_frame={COUNT},crop={WIDTH}:{HEIGHT}:exact=1,scale,format=gbrp"
        self.ffmpeg("-v", "error", "-noauto_conversion_filters", "-f", "lavfi", "-i", SOURCE,
                    "-vf", ",".join([head, *chain]), "-f", "rawvideo", name)
        return (self.directory / name).read_bytes()

    def restore(self, by, weights, frames):
        run = subprocess.run([RESTORE_RAW, by, str(weights), str(WIDTH), str(HEIGHT)],
                             input=frames, capture_output=True, check=True)
        return run.stdout

    def test_filter_library_and_forward_pass(self):
        source = self.raw("source.raw")
        self.assertEqual(len(source), 3 * WIDTH * HEIGHT * COUNT)
        for architecture, window in (("strcnn_dtb", 1), ("strcnn_dtb", 0), ("strcnn", 2), ("cnn", 3)):
            with self.subTest(architecture=architecture, window=window):
                weights = self.weights(architecture, window, scale=30)
                filtered = self.raw("filter.raw", self.deblur(weights, precision="fp32"))
                self.assertNotEqual(filtered, source)
                self.assertEqual(filtered, self.restore("library", weights, source))

                # The same numbers in another order of addition: rounding may fall differently.
                forward = self.restore("network", weights, source)
                self.assertEqual(len(forward), len(filtered))
                off = [abs(a - b) for a, b in zip(filtered, forward) if a != b]
                self.assertLessEqual(max(off, default=0), 1)
                self.assertLess(len(off), len(source) / 1000)


if __name__ == "__main__":
    unittest.main()
