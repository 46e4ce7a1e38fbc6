# deblur-batch with GNU parallel: segments joined are the uncut run, failed ones run again, finished ones do not.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import shutil
import unittest
from unittest import mock

from script_test import FFPROBE, ScriptTest
from deblur_pipeline.engines import share_cores
from harness import FFMPEG

if not shutil.which("parallel"):  # skipped where it is not installed
    raise SystemExit(77)


class Batch(ScriptTest):
    def batch(self, *arguments, warm_up=100, **options):
        return self.script("deblur-batch", "--preset", "archive", "--deblur", self.options(), "--segment", "0.4",
                           "--warm-up", warm_up, "--output", "done", *arguments, **options)

    def uncut(self, clip):
        self.script("deblur-transcode", "--force", "--preset", "archive", "--deblur", self.options(), "--output", "uncut.mkv",
                    clip)
        return self.hashes("uncut.mkv"), self.times("uncut.mkv")

    def segments(self, said):
        return re.search(r"(\d+) videos, (\d+) segments, (\d+) to do", said).groups()

    def test_joined_segments_are_the_uncut_run(self):
        # Key frames that are not where cuts are due, reordered frames, sound that begins earlier, a start that is not 0.
        self.ffmpeg("-itsoffset", "0.2", "-f", "lavfi", "-i", "testsrc2=size=96x64:rate=30000/1001",
                    "-f", "lavfi", "-i", "sine", "-t", "1.5", "-c:v", "mpeg2video", "-bf", 2, "-g", 9, "-c:a", "pcm_s16le", "-output_ts_offset", 3, "a.mkv")
        self.make_clip("b.mov", codec="prores_ks", pixel_format="yuv422p10le", frames=23)
        said = self.batch("a.mkv", "b.mov", "--jobs", 2)
        self.assertEqual(self.segments(said), ("2", "6", "6"))
        for name in ("a.mkv", "b.mov"):
            output = f"done/{name[0]}-deblurred.mkv"
            self.assertEqual((self.hashes(output), self.times(output)), self.uncut(name))
        self.assertEqual(self.hashes("a.mkv", "a:0"), self.hashes("done/a-deblurred.mkv", "a:0"))
        self.assertFalse((self.directory / "deblur-batch.work").exists())

    def test_warm_up_is_needed_and_frames_are_right_without(self):
        clip = self.make_clip("moving.mkv", frames=30, more=("-g", 1))
        self.batch(clip, warm_up=0)
        hashes, times = self.uncut(clip)
        joined = self.hashes("done/moving-deblurred.mkv")
        self.assertEqual(self.times("done/moving-deblurred.mkv"), times)
        self.assertEqual(joined[:10], hashes[:10])
        self.assertNotEqual(joined, hashes)

    def test_failed_segments_run_again_and_finished_ones_do_not(self):
        clip = self.make_clip("long.mkv", frames=40)
        # An ffmpeg that fails in the segment that begins at frame 20, as long as a file is there.
        program = self.directory / "failing/ffmpeg"
        program.parent.mkdir()
        broken, log = self.directory / "broken", self.directory / "log"
        program.write_text(f"""#!/bin/sh
case "$*" in
*00000-00002.part*) echo try >> {log}; [ ! -e {broken} ] || exit 1 ;;
*-progress*) echo other >> {log} ;;
esac
exec {FFMPEG} "$@"
""")
        program.chmod(0o755)
        program.with_name("ffprobe").symlink_to(FFPROBE)
        broken.touch()
        said = self.batch(clip, "--jobs", 1, "--retries", 2, ffmpeg=program, status=1)
        self.assertIn("1 segments failed; run the same command again to resume", said)
        self.assertEqual(log.read_text().split().count("try"), 2)
        self.assertEqual(log.read_text().split().count("other"), 3)
        self.assertFalse((self.directory / "done/long-deblurred.mkv").exists())

        broken.unlink()
        said = self.batch(clip, "--jobs", 1, ffmpeg=program)
        self.assertEqual(self.segments(said), ("1", "4", "1"))
        self.assertEqual(log.read_text().split().count("try"), 3)
        self.assertEqual((self.hashes("done/long-deblurred.mkv"), self.times("done/long-deblurred.mkv")), self.uncut(clip))

    def test_segments_side_by_side_share_the_cores(self):
        with mock.patch("os.sched_getaffinity", return_value=set(range(8))):
            for deblur, engine, jobs, expected in (
                    ("", "parallel", None, "threads=1"), ("m=0", "parallel", 3, "m=0:threads=2"),
                    ("", "parallel", 20, "threads=1"), ("threads=4", "parallel", 2, "threads=4"), ("m=0", "slurm", 2, "m=0")):
                with self.subTest(deblur=deblur, engine=engine, jobs=jobs):
                    self.assertEqual(share_cores(deblur, engine, jobs), expected)
        # The log of a segment tells what the filter was told.
        clip = self.make_clip("shared.mkv", frames=10)
        program = self.directory / "telling/ffmpeg"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\necho "$@" >> {self.directory / "commands"}\nexec {FFMPEG} "$@"\n')
        program.chmod(0o755)
        program.with_name("ffprobe").symlink_to(FFPROBE)
        self.script("deblur-batch", "--preset", "archive", "--deblur", f"weights={self.weights(scale=30)}", clip,
                    ffmpeg=program)
        self.assertIn(":threads=1", (self.directory / "commands").read_text())

    def test_errors(self):
        clip = self.make_clip(frames=20)
        self.assertIn("no such file", self.batch("nothing.mkv", status=1))
        self.assertIn("segments failed", self.script("deblur-batch", "--deblur", "weights=missing", "--retries", 1,
                                                     "--work", "w", clip, status=1))
        self.assertIn("from other options", self.script("deblur-batch", "--work", "w", clip, status=1))


if __name__ == "__main__":
    unittest.main()
