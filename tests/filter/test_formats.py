# Every pixel format x matrix x range: formats.c with weights whose correction is known.
# SPDX-License-Identifier: LGPL-2.1-or-later
import unittest

from harness import FilterTest

# Such that luma and both chroma change, in every matrix.
CORRECTION = ("0.08", "-0.05", "0.03")


class Formats(FilterTest):
    def test_known_and_zero_correction(self):
        known = self.weights(window=0, scale=0, offset=",".join(CORRECTION))
        table = self.graph_program(known, self.weights(window=0, scale=0), *CORRECTION)
        print(table)
        self.assertRegex(table, r"\n\d{3} formats\n$")


if __name__ == "__main__":
    unittest.main()
