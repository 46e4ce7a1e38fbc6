# Colour tags that change in mid-stream: tags.c.
# SPDX-License-Identifier: LGPL-2.1-or-later
import unittest

from harness import FilterTest


class Tags(FilterTest):
    def test_each_frame_is_restored_as_its_tags_say(self):
        said = self.graph_program(self.weights("cnn", scale=30), self.weights(window=0, scale=30))
        self.assertEqual(said.splitlines(), ["matrix", "range", "chroma location", "state"])


if __name__ == "__main__":
    unittest.main()
