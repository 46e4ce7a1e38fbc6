# A short soak: soak.c. DEBLUR_SOAK multiplies its length, for runs by hand.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import unittest

from harness import FilterTest

FACTOR = int(os.environ.get("DEBLUR_SOAK", 1))


class Soak(FilterTest):
    def soak(self, what, count):
        print(what, self.graph_program(self.weights(), what, count * FACTOR), sep="\n")

    def test_many_frames(self):
        self.soak("long", 400)

    def test_many_graphs(self):
        self.soak("open", 20)

    def test_graphs_in_several_threads(self):
        self.soak("together", 5)


if __name__ == "__main__":
    unittest.main()
