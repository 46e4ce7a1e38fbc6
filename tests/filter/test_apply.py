# apply.sh adds the filter to an FFmpeg tree, once, and takes it out without a trace.
# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPLY = ROOT / "libavfilter-patch/apply.sh"

# What of FFmpeg's files matters to apply.sh; TYPE differs between the releases.
TREE = {
    "configure": r"""#!/bin/sh
  --enable-libdc1394       enable IIDC-1394 grabbing using libdc1394
    libdc1394
cropdetect_filter_deps="gpl"
find_filters_extern(){
    file=$source_path/$1
    sed -n 's/^extern const TYPE ff_[avfsinkrc]\{2,5\}_\([[:alnum:]_]\{1,\}\);/\1_filter/p' $file
}
enabled libdc1394         && require_pkg_config libdc1394 libdc1394-2 dc1394/dc1394.h dc1394_new
""",
    "libavfilter/Makefile": "OBJS-$(CONFIG_DEBLOCK_FILTER)                += vf_deblock.o\n",
    "libavfilter/allfilters.c": "extern const TYPE ff_vf_deblock;\nextern const TYPE ff_vf_fps;\n",
    "tests/Makefile": "include $(SRC_PATH)/tests/fate/dca.mak\ninclude $(SRC_PATH)/tests/fate/demux.mak\n",
    "doc/filters.texi": "@section deblock\n\n@anchor{decimate}\n@section decimate\n",
}


class Apply(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.tree = Path(holder.name)

    def make_tree(self, kind):
        for name, text in TREE.items():
            (self.tree / name).parent.mkdir(exist_ok=True)
            (self.tree / name).write_text(text.replace("TYPE", kind))

    def contents(self):
        return {str(p.relative_to(self.tree)): p.read_text()
                for p in self.tree.rglob("*") if p.is_file()}

    def apply(self, *options):
        return subprocess.run([APPLY, *options, self.tree], capture_output=True, text=True)

    def test_in_again_and_out(self):
        for kind in ("AVFilter", "FFFilter"):
            with self.subTest(kind=kind):
                self.make_tree(kind)
                before = self.contents()
                self.assertEqual(self.apply("--check").returncode, 1)
                self.assertEqual(self.apply().returncode, 0)
                after = self.contents()
                self.assertIn(f"extern const {kind} ff_vf_deblur;\n",
                              after["libavfilter/allfilters.c"])
                self.assertIn("@section deblur\n", after["doc/filters.texi"])
                self.assertEqual(
                    sum("libdeblur" in line for line in after["configure"].splitlines()), 4)
                self.assertEqual(self.apply("--check").returncode, 0)
                self.assertEqual(self.apply().returncode, 0)
                self.assertEqual(self.contents(), after)
                self.assertEqual(self.apply("--reverse").returncode, 0)
                self.assertEqual(self.contents(), before)

    def test_an_old_filter_is_brought_up_to_date(self):
        self.make_tree("FFFilter")
        self.apply()
        new = self.contents()
        (self.tree / "libavfilter/vf_deblur.c").write_text("old\n")
        makefile = self.tree / "libavfilter/Makefile"
        makefile.write_text(makefile.read_text().replace(" deblur_picture.o", ""))
        texi = self.tree / "doc/filters.texi"
        texi.write_text(texi.read_text().replace("recurrent", "old"))
        self.assertEqual(self.apply("--check").returncode, 1)
        self.apply()
        self.assertEqual(self.contents(), new)

    def test_a_patch_does_the_same(self):
        self.make_tree("FFFilter")
        before = self.contents()
        patch = self.apply("--diff").stdout
        self.assertEqual(self.contents(), before)
        subprocess.run(["patch", "-s", "-p1"], input=patch, text=True, cwd=self.tree, check=True)
        self.assertEqual(self.apply("--check").returncode, 0)

    def test_a_missing_anchor_changes_nothing(self):
        for name in TREE:
            with self.subTest(file=name):
                self.make_tree("FFFilter")
                file = self.tree / name
                file.write_text("something else\n")
                before = self.contents()
                run = self.apply()
                self.assertNotEqual(run.returncode, 0)
                self.assertIn(name, run.stderr)
                self.assertEqual(self.contents(), before)


if __name__ == "__main__":
    unittest.main()
