# Side data, metadata and properties stay with their frame: properties.c.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import unittest

from harness import FilterTest


class Properties(FilterTest):
    def test_every_kind(self):
        said = self.graph_program(self.weights(scale=30))
        self.assertGreater(int(re.search(r"(\d+) kinds", said)[1]), 20)


if __name__ == "__main__":
    unittest.main()
