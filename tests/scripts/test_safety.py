# What must never happen to the files of users: removed, overwritten, run as code, or taken for whole when they are not.
# SPDX-License-Identifier: LGPL-2.1-or-later
import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
import unittest
from unittest import mock

from script_test import ROOT, ScriptTest
from deblur_pipeline import differences, ffmpeg, files, paths, pixels, program, progress
from harness import FFMPEG, has_component

parallel = unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")


class Safety(ScriptTest):
    def setUp(self):
        for path in self.directory.iterdir():
            if path.suffix != ".safetensors":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def archive(self, script, *arguments, **options):
        return self.script(script, "--preset", "archive", "--deblur", self.options(), *arguments, **options)

    def read(self, name):
        return (self.directory / name).read_bytes()


class Folders(Safety):
    def test_a_work_folder_of_others_is_refused(self):
        clip = self.make_clip(frames=2)
        (self.directory / "mine").mkdir()
        (self.directory / "mine/film").write_text("all I have")
        for folder in ("mine", "."):
            self.assertIn("no work folder of deblur-batch", self.archive("deblur-batch", "--work", folder, clip, status=1))
        self.assertEqual(self.read("mine/film"), b"all I have")
        self.assertTrue((self.directory / clip).exists())

    @parallel
    def test_what_others_put_into_a_work_folder_stays(self):
        clip = self.make_clip(frames=2)
        (self.directory / "empty").mkdir()
        self.archive("deblur-batch", "--work", "empty", clip)
        self.assertEqual(list((self.directory / "empty").iterdir()), [])
        self.archive("deblur-batch", "--force", "--work", "w", "--deblur", "weights=missing", "--retries", "1", clip, status=1)
        (self.directory / "w/mine").write_text("x")
        self.archive("deblur-batch", "--force", "--work", "v", clip)
        shutil.copy(self.directory / "w/mine", self.directory / "empty/mine")
        self.assertIn("no work folder", self.archive("deblur-batch", "--force", "--work", "empty", clip, status=1))
        self.assertEqual(self.read("w/mine"), b"x")

    @parallel
    def test_force_after_an_interrupted_run_begins_anew(self):
        one, two = self.make_clip("one.mkv", frames=2), self.make_clip("two.mkv", frames=2)
        self.archive("deblur-batch", "--output", "done", one)
        old = (self.directory / "done/one-deblurred.mkv").stat().st_mtime_ns
        plan = dict(kind="deblur-batch plan", force=False, made=True, tasks=[], settings=None)
        (self.directory / "deblur-batch.work").mkdir()
        said = self.archive("deblur-batch", "--dry-run", "--output", "done", one, two)
        self.assertNotIn("one.mkv", said.replace("one-deblurred.mkv is there already", ""))
        (self.directory / "deblur-batch.work/plan.json").write_text(json.dumps(plan))
        self.assertIn("other options", self.archive("deblur-batch", "--output", "done", one, two, status=1))
        (self.directory / "deblur-batch.work/plan.json").unlink()
        self.archive("deblur-batch", "--output", "done", "--force", one, two)
        self.assertNotEqual((self.directory / "done/one-deblurred.mkv").stat().st_mtime_ns, old)

    def test_a_damaged_plan_is_one_line(self):
        clip = self.make_clip(frames=2)
        (self.directory / "w").mkdir()
        for text in ("{", "[]", '{"settings": 1}'):
            (self.directory / "w/plan.json").write_text(text)
            self.assertIn("plan.json", self.archive("deblur-batch", "--work", "w", clip, status=1).splitlines()[-1])


class Sources(Safety):
    def test_a_source_is_never_the_output(self):
        self.make_clip("a.mkv", frames=2)
        os.symlink("a.mkv", self.directory / "link.mkv")
        os.link(self.directory / "a.mkv", self.directory / "hard.mkv")
        before = self.read("a.mkv")
        for output in ("a.mkv", "link.mkv", "hard.mkv", "./a.mkv"):
            said = self.archive("deblur-transcode", "--force", "--output", output, "a.mkv", status=1)
            self.assertIn("is the source a.mkv itself", said)
        self.make_clip("x.mov", codec="prores_ks", pixel_format="yuv422p10le", frames=2)
        film = self.read("x.mov")
        self.assertIn("itself", self.script("deblur-broadcast", "--format", "prores", "--force", "x.mov", "x.mov", status=1))
        # Also the source of another video of the same call.
        shutil.copy(self.directory / "a.mkv", self.directory / "a-deblurred.mkv")
        self.archive("deblur-transcode", "a.mkv", "hard.mkv", "a-deblurred.mkv")
        self.assertEqual((self.read("a.mkv"), self.read("a-deblurred.mkv"), self.read("x.mov")), (before, before, film))

    def test_outputs_are_no_sources_the_next_time(self):
        self.make_clip("a.mkv", frames=2)
        self.make_clip("b.mkv", frames=2)
        self.archive("deblur-transcode", "a.mkv", "b.mkv")
        self.archive("deblur-transcode", *sorted(p.name for p in self.directory.glob("*.mkv")))
        self.assertEqual(list(self.directory.glob("*-deblurred-*")), [])

    def test_what_is_no_file_is_called_by_its_name(self):
        (self.directory / "folder").mkdir()
        os.mkfifo(self.directory / "pipe")
        for source, word in (("folder", "is a folder"), ("pipe", "no regular file"), ("http://example.org/a.mp4", "is a URL"),
                             ("nothing.mkv", "no such file")):
            for script in ("deblur-transcode", "deblur-batch"):
                self.assertIn(word, self.archive(script, source, status=1))
            self.assertIn(word, self.script("deblur-broadcast", source, "out.mxf", status=1))

    def test_options_that_are_none(self):
        clip = self.make_clip(frames=2)
        self.assertIn("must be above 0", self.archive("deblur-batch", "--segment", "nan", clip, status=2))
        self.assertIn("No such file", self.archive("deblur-batch", "--list", "nothing", status=1))
        self.assertIn("pairs", self.archive("deblur-transcode", "--encoder-options=-preset", clip, status=1))
        self.assertIn("must be seconds", self.archive("deblur-transcode", "--start", "x", clip, status=2))
        self.assertIn("--crf", self.archive("deblur-transcode", "--crf", "20", clip, status=1))


class Names(Safety):
    NAMES = ("10:30", "it's", "-x", "a%03d", '{= $_=`touch pwned` =}', "{}", "[b];c,d", "a\\b", "$(touch pwned)", "a\nb", "\u6620\u753b")

    def test_transcode(self):
        self.make_clip("plain.mkv", frames=3)
        for name in self.NAMES:
            with self.subTest(name=name):
                shutil.copy(self.directory / "plain.mkv", self.directory / f"{name}.mkv")
                self.archive("deblur-transcode", "--output", "done.mkv", "--force", f"{name}.mkv")
                self.assertEqual(len(self.times("done.mkv")), 3)
        self.assertFalse((self.directory / "pwned").exists())

    @parallel
    def test_batch_in_a_folder_of_such_a_name(self):
        self.make_clip("plain.mkv", frames=12, more=("-g", "1"))
        for name in ('{= system("touch pwned") =}', "{} {1} {%} {#}", "it's; touch pwned"):
            with self.subTest(name=name):
                folder = self.directory / name
                folder.mkdir()
                shutil.copy(self.directory / "plain.mkv", folder / f"{name}.mkv")
                run = subprocess.run([ROOT / "scripts/deblur-batch", "--ffmpeg", FFMPEG, "--preset", "archive", "--deblur",
                                      self.options(), "--segment", "0.2", f"{name}.mkv"], cwd=folder, capture_output=True, text=True)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual(sorted(p.name for p in folder.iterdir()), sorted([f"{name}.mkv", f"{name}-deblurred.mkv"]))
        self.assertEqual(list(self.directory.rglob("pwned")), [])

    @unittest.skipUnless(has_component("filter", "movie"), "no filter movie")
    def test_broadcast(self):
        self.make_clip("plain.mov", codec="prores_ks", pixel_format="yuv422p10le", frames=2)
        for name in ("it's", "10:30", "[b];c,d", "a\\b"):
            with self.subTest(name=name):
                shutil.copy(self.directory / "plain.mov", self.directory / f"{name}.mov")
                self.script("deblur-broadcast", "--deblur", self.options(), "--format", "prores", f"{name}.mov", f"{name}-out.mov")
                self.assertTrue((self.directory / f"{name}-out.mov.qc.html").exists())


class Outputs(Safety):
    def test_links_in_the_place_of_part_and_lock_files(self):
        clip = self.make_clip(frames=2)
        (self.directory / "victim").write_text("precious")
        for name in (".clip-deblurred.part.mkv", ".clip-deblurred.mkv.lock"):
            with self.subTest(name=name):
                os.symlink("victim", self.directory / name)
                self.assertEqual(len(self.archive("deblur-transcode", clip, status=1).splitlines()), 1)
                (self.directory / name).unlink()
                os.mkfifo(self.directory / name)
                self.assertIn("not a file of ours", self.archive("deblur-transcode", clip, status=1))
                (self.directory / name).unlink()
        self.assertEqual(self.read("victim"), b"precious")

    def test_one_writer_at_a_time(self):
        path = self.directory / "out.mkv"
        with files.locked(path):
            with self.assertRaisesRegex(program.Error, "another run"), files.locked(path):
                self.fail("two writers")
        # Another run has opened the lock file before its last owner removed it: that lock is worth nothing.
        with open(files.lock_of(path), "w") as old:
            files.lock_of(path).unlink()
            fcntl.flock(old, fcntl.LOCK_EX)
            with files.locked(path):
                pass
        self.assertFalse(files.lock_of(path).exists())

    def test_frames_are_counted(self):
        clip = self.make_clip(frames=7)
        log = ffmpeg.FFmpeg(FFMPEG).run(["-i", self.directory / clip, "-vf", "select=gt(n\\,1)", "-f", "matroska", "-y",
                                         self.directory / "out.mkv"])
        self.assertEqual((log.decoded, log.written), ({0: 7}, {0: 5}))
        with self.assertRaisesRegex(program.Error, "decoded 7 frames, and 5 are in the output"):
            differences.require_frames("clip", log, mock.Mock(videos=[0], streams=[0]))

    def test_a_full_disk_leaves_the_old_output(self):
        clip = self.make_clip(size="320x240", frames=20)
        self.archive("deblur-transcode", clip)
        before = self.read("clip-deblurred.mkv")

        def full():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, len(before) // 2))

        run = subprocess.run([ROOT / "scripts/deblur-transcode", "--force", "--ffmpeg", FFMPEG, "--preset", "archive", "--deblur",
                              self.options(), clip], cwd=self.directory, capture_output=True, text=True, preexec_fn=full)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertRegex(run.stderr.splitlines()[-1], "File too large|SIGXFSZ")
        self.assertEqual(self.read("clip-deblurred.mkv"), before)
        self.assertEqual(list(self.directory.glob(".*")), [])


class Clocks(Safety):
    @parallel
    @unittest.skipUnless(has_component("encoder", "libx264"), "no libx264")
    def test_a_clock_that_jumps(self):
        for number in (1, 2):
            self.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=96x64", "-t", "0.6", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", 5,
                        f"part{number}.ts")
        (self.directory / "joined.ts").write_bytes(self.read("part1.ts") + self.read("part2.ts"))
        said = self.archive("deblur-batch", "--segment", "0.2", "--warm-up", "2", "--output", "done", "joined.ts")
        self.assertIn("done in one piece", said)
        self.archive("deblur-transcode", "--output", "uncut.mkv", "joined.ts")
        self.assertEqual(self.hashes("done/joined-deblurred.mkv"), self.hashes("uncut.mkv"))
        self.assertEqual(len(self.hashes("uncut.mkv")), 30)

    @unittest.skipUnless(has_component("encoder", "libx264"), "no libx264")
    def test_a_size_that_changes(self):
        for size in ("96x64", "160x96", "64x48"):
            self.ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}", "-t", "0.24", "-c:v", "libx264", "-pix_fmt", "yuv420p",
                        f"{size}.ts")
        (self.directory / "sizes.ts").write_bytes(b"".join(self.read(f"{s}.ts") for s in ("96x64", "160x96", "64x48")))
        said = self.archive("deblur-transcode", "--output", "out.mkv", "sizes.ts")
        self.assertEqual(len(self.hashes("out.mkv")), 18)
        self.assertIn("size changes to 160x96", said)


class Parts(unittest.TestCase):
    def test_a_time_as_people_say_it(self):
        for seconds, text in ((9, "9 s"), (600, "10 min"), (47831 * 60, "33 days 5 h"), (5000, "1 h 23 min")):
            self.assertEqual(progress.duration(seconds), text)

    def test_pixel_formats_by_name(self):
        for name, depth, alpha, real in (("gbrpf32le", 32, False, True), ("rgb48be", 16, False, False), ("p010le", 10, False, False),
                                         ("yuva444p12le", 12, True, False), ("grayf32le", 32, False, True), ("bgra", 8, True, False)):
            found = pixels.describe(name)
            self.assertEqual((found.depth, found.alpha, found.real), (depth, alpha, real), name)
        formats = ["yuv420p", "yuv422p10le", "bgr0", "bgra", "gray16le"]
        for name, kept in (("yuvj420p", "yuv420p"), ("nv12", "yuv420p"), ("rgb24", "bgr0"), ("pal8", "bgra"), ("p210le", "yuv422p10le"),
                           ("gray12le", "gray16le"), ("gbrpf32le", None), ("yuv444p", None)):
            self.assertEqual(pixels.lossless(name, formats), kept, name)

    def test_values_in_filter_graphs(self):
        self.assertEqual(paths.filter_value("a'b:c"), r"a\\\'b\\:c")


if __name__ == "__main__":
    unittest.main()
