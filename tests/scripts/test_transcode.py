# deblur-transcode: what its presets write, what comes along, and that no half file gets a final name.
# SPDX-License-Identifier: LGPL-2.1-or-later
import signal
import subprocess
import unittest

from script_test import ROOT, ScriptTest, stuck_ffmpeg
from deblur_pipeline import sidedata
from harness import has_component


class Presets(ScriptTest):
    def transcode(self, preset, clip, output, **options):
        return self.script("deblur-transcode", "--preset", preset, "--deblur", self.options(), "--output", output, clip,
                           **options)

    def test_archive_keeps_everything(self):
        clip = self.make_rich_clip()
        said = self.transcode("archive", clip, "out.mkv")
        self.assertNotIn("left out", said)
        before, after = self.probe(clip), self.probe("out.mkv")
        self.assertEqual(self.codecs(clip), self.codecs("out.mkv"))
        self.assertEqual(self.times(clip), self.times("out.mkv"))
        for key in ("pix_fmt", "color_range", "color_space", "color_primaries", "color_transfer"):
            self.assertEqual(before["streams"][0][key], after["streams"][0][key])
        tags = after["format"]["tags"]
        self.assertEqual((tags["title"], tags["TIMECODE"]), ("A title", "01:00:00:00"))
        self.assertEqual(after["streams"][2]["tags"]["language"], "fra")
        self.assertEqual([c["tags"]["title"] for c in after["chapters"]], ["One"])
        self.assertEqual(self.hashes(clip, "a:0"), self.hashes("out.mkv", "a:0"))
        self.assertNotEqual(self.hashes(clip), self.hashes("out.mkv"))
        # The script's picture is the filter's.
        self.ffmpeg("-i", clip, "-map", "0:v", "-vf", self.deblur(), "-c:v", "ffv1", "plain.mkv")
        self.assertEqual(self.hashes("plain.mkv"), self.hashes("out.mkv"))

    def test_prores(self):
        clip = self.make_rich_clip()
        said = self.transcode("prores", clip, "out.mov")
        self.assertIn("subrip) becomes mov_text", said)
        self.assertIn("(attachment, unknown) is left out", said)
        streams = self.probe("out.mov")["streams"]
        self.assertEqual([s.get("codec_name") for s in streams[:4]], ["prores", "pcm_s16le", "aac", "mov_text"])
        self.assertEqual(streams[0]["pix_fmt"], "yuv422p10le")
        self.assertEqual(streams[0]["color_transfer"], "smpte2084")
        self.assertEqual(streams[0]["tags"]["timecode"], "01:00:00:00")
        self.assertEqual(self.times(clip), self.times("out.mov"))

    def test_dnxhr(self):
        clip = self.make_clip(size="256x128", frames=3)
        self.transcode("dnxhr", clip, "dnxhr.mov")
        video = self.probe("dnxhr.mov")["streams"][0]
        self.assertEqual((video["profile"], video["pix_fmt"]), ("DNXHR HQ", "yuv422p"))

    def test_dnxhr_refuses_interlaced(self):
        clip = self.make_clip("fields.mkv", more=("-vf", "setfield=tff", "-field_order", "tt"))
        self.assertIn("interlaced", self.transcode("dnxhr", clip, "fields.mov", status=1))

    @unittest.skipUnless(has_component("encoder", "libx264"), "no libx264")
    def test_web_h264(self):
        clip = self.make_rich_clip()
        said = self.transcode("web-h264", clip, "out.mp4")
        self.assertIn("pcm_s16le) becomes aac", said)
        self.assertIn("HDR in 8 bits", said)
        streams = self.probe("out.mp4")["streams"]
        self.assertEqual([s.get("codec_name") for s in streams[:4]], ["h264", "aac", "aac", "mov_text"])
        self.assertEqual(streams[0]["pix_fmt"], "yuv420p")
        self.assertEqual(self.times(clip), self.times("out.mp4"))

    @unittest.skipUnless(has_component("encoder", "libx264"), "no libx264")
    def test_times_of_variable_frame_rate(self):
        clip = self.make_clip("vfr.mkv", rate="30000/1001", frames=40,
                              more=("-vf", r"select=not(mod(n\,3))+lt(n\,9)", "-fps_mode", "vfr"))
        self.transcode("web-h264", clip, "vfr.mp4")
        before, after = self.times(clip), self.times("vfr.mp4")
        self.assertEqual(len(before), len(after))
        # Matroska counts milliseconds.
        self.assertLess(max(abs(a - b) for a, b in zip(before, after)), 0.0011)

    def test_hdr_metadata_for_encoders(self):
        data = {sidedata.MASTERING: dict(red_x="34000/50000", red_y="16000/50000", green_x="13250/50000",
                                       green_y="34500/50000", blue_x="7500/50000", blue_y="3000/50000",
                                       white_point_x="15635/50000", white_point_y="16450/50000",
                                       min_luminance="50/10000", max_luminance="10000000/10000"),
                sidedata.LIGHT: dict(max_content=1000, max_average=400)}
        self.assertEqual(sidedata.hdr_options("libx265", data), ["-x265-params", "hdr10=1:repeat-headers=1:master-display="
                         "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400"])
        self.assertEqual(sidedata.hdr_options("libsvtav1", data), ["-svtav1-params", "mastering-display="
                         "G(0.2650,0.6900)B(0.1500,0.0600)R(0.6800,0.3200)WP(0.3127,0.3290)L(1000.0000,0.0050):"
                         "content-light=1000,400"])
        self.assertEqual(sidedata.hdr_options("libx265", {}), [])

    def test_dry_run_of_encoders_that_are_not_here(self):
        clip = self.make_clip(pixel_format="yuv420p10le")
        for preset, encoder in (("web-hevc", "libx265"), ("web-av1", "libsvtav1")):
            said = self.script("deblur-transcode", "--dry-run", "--preset", preset, "--output", "dry.mp4", clip)
            self.assertIn(f"-c:0 {encoder}", said)
            self.assertIn("format=yuv420p10le", said)
        self.assertFalse((self.directory / "dry.mp4").exists())


class Files(ScriptTest):
    def test_killed_run_leaves_no_final_name_and_the_next_one_does_the_rest(self):
        for name in ("one.mkv", "two.mkv"):
            self.make_clip(name, frames=4)
        arguments = ["--preset", "archive", "--deblur", self.options(), "--output", "done", "one.mkv", "two.mkv"]
        (self.directory / "done").mkdir()
        self.script("deblur-transcode", *arguments[:-1])
        first = self.directory / "done/one-deblurred.mkv"
        written = first.stat().st_mtime_ns

        command = [ROOT / "scripts/deblur-transcode", "--ffmpeg", stuck_ffmpeg(self.directory), *arguments]
        for way in (signal.SIGTERM, signal.SIGKILL):
            with subprocess.Popen(command, cwd=self.directory, stderr=subprocess.PIPE, text=True) as run:
                said = next((line for line in run.stderr if line.startswith("two.mkv: ")), None)
                run.send_signal(way)
            self.assertTrue(said)
            self.assertFalse((self.directory / "done/two-deblurred.mkv").exists())

        self.assertIn("one-deblurred.mkv is there already", self.script("deblur-transcode", *arguments))
        self.assertEqual(first.stat().st_mtime_ns, written)
        self.assertEqual(len(self.times("done/two-deblurred.mkv")), 4)
        self.assertEqual(sorted(p.name for p in (self.directory / "done").iterdir()),
                         ["one-deblurred.mkv", "two-deblurred.mkv"])
        self.script("deblur-transcode", "--force", *arguments)
        self.assertNotEqual(first.stat().st_mtime_ns, written)

    def test_failed_run_leaves_nothing(self):
        self.make_clip("bad.mkv", frames=2)
        said = self.script("deblur-transcode", "--deblur", "weights=missing.safetensors", "bad.mkv", status=1)
        self.assertIn("missing.safetensors", said.splitlines()[-1])
        self.assertEqual([p.name for p in self.directory.glob("*bad-*")], [])

    def test_errors_are_one_line(self):
        clip = self.make_clip(frames=2)
        for arguments, words in ((["nothing.mkv"], "no such file"),
                                 (["--output", "x.mov", clip], "writes .mp4"),
                                 (["--deblur", "strength=7", clip], "strength")):
            with self.subTest(arguments=arguments):
                said = self.script("deblur-transcode", *arguments, status=1)
                lines = [line for line in said.splitlines() if line.startswith("deblur-transcode: ")]
                self.assertEqual(len(lines), 1, said)
                self.assertIn(words, lines[0])

    def test_ffmpeg_without_the_filter_is_refused(self):
        clip = self.make_clip(frames=2)
        self.assertIn("without the deblur filter", self.script("deblur-transcode", clip, ffmpeg="/bin/true", status=1))


if __name__ == "__main__":
    unittest.main()
