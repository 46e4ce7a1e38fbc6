# A frame in is a frame out, with its own time and properties.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import subprocess
import unittest

from harness import FFMPEG, SOURCE, FilterTest, has_component, needs_show, read_framemd5


class Frames(FilterTest):
    def test_count_and_times_at_every_clip_length(self):
        for m in range(4):
            lengths = sorted({1, 2, m, 2 * m + 1, 30} - {0})
            deblur = self.deblur(self.weights(window=m, scale=30), window=m)
            graphs = {}
            for length in lengths:
                graphs[length, "in"] = f"trim=end_frame={length}"
                graphs[length, "out"] = f"trim=end_frame={length},{deblur}"
            frames = self.frames(graphs)
            for length in lengths:
                with self.subTest(m=m, length=length):
                    before, after = frames[length, "in"], frames[length, "out"]
                    self.assertEqual(len(after), length)
                    self.assertEqual([f[:3] for f in after], [f[:3] for f in before])
                    self.assertTrue(all(a[3] != b[3] for a, b in zip(after, before)),
                                    "the network has left a frame as it was")

    def test_no_frames(self):
        self.assertEqual(self.frames({"none": f"select=0,{self.deblur()}"})["none"], [])

    def test_irregular_times(self):
        # Gaps, and a start that is not 0.
        gaps = "select='not(mod(n,3))+eq(n,7)',setpts=PTS+5/TB"
        frames = self.frames({"in": gaps, "out": f"{gaps},{self.deblur()}"})
        self.assertEqual([f[:3] for f in frames["out"]], [f[:3] for f in frames["in"]])

    @needs_show
    def test_properties_stay_with_their_frame(self):
        # signalstats gives each frame metadata of its own; addroi gives side data.
        frames = self.shown(f"{SOURCE},trim=end_frame=12,signalstats,addroi=0:0:8:8:0.5,setfield=tff,"
                            f"setparams=colorspace=bt709:range=pc,split[in][b];[b]{self.deblur(window=1)}[out]")
        self.assertEqual(len(frames["in"]), 12)
        self.assertIn("'Regions Of Interest'", frames["in"][0])
        self.assertIn("signalstats.YAVG=", frames["in"][0])
        self.assertEqual(frames["out"], frames["in"])

    def test_the_end_has_its_time(self):
        # From which fps knows how long the last frame is shown.
        frames = self.frames({"in": "fps=30", "out": f"{self.deblur(strength=0)},fps=30"}, count=5)
        self.assertEqual(len(frames["in"]), 15)
        self.assertEqual(frames["out"], frames["in"])

    def test_stream_ends_early(self):
        # The encoder stops while frames are on their way.
        self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-vf", self.deblur(queue=8), "-frames:v", "3",
                    "-f", "framemd5", "early.framemd5")
        self.assertEqual(len(read_framemd5(self.directory / "early.framemd5")), 3)

    def test_colour_tags_change_midway(self):
        tags = "setparams=colorspace=bt709:range=tv"
        graph = (f"[0:v]trim=end_frame=8,split[a][b];[b]{tags},trim=start_frame=4[c];"
                 f"[a]trim=end_frame=4[d];[d][c]concat,{self.deblur()}[out]")
        log = self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-filter_complex", graph,
                          "-map", "[out]", "-f", "framemd5", "tags.framemd5")
        self.assertEqual(len(read_framemd5(self.directory / "tags.framemd5")), 8, log)

    def test_missing_colour_tags_are_told_once(self):
        for tags, guess in (("colorspace=unknown:range=unknown", "matrix BT.601 and limited range"),
                            ("colorspace=unknown:range=pc", "matrix BT.601"),
                            ("colorspace=bt709:range=unknown", "limited range"),
                            ("colorspace=bt709:range=tv", None)):
            log = self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-vf", f"setparams={tags},{self.deblur()}", "-frames:v", "4",
                              "-f", "null", "-")
            with self.subTest(tags=tags):
                self.assertEqual(re.findall(r"tags are missing or have no matrix: (.*) assumed", log),
                                 [guess] if guess else [])


@unittest.skipUnless(has_component("encoder", "libx264"), "this ffmpeg has no libx264")
class Transcoding(FilterTest):
    """H.264 in, H.264 out, audio copied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # B-frames, a variable frame rate, and sound.
        subprocess.run([FFMPEG, "-v", "error", "-nostdin", "-f", "lavfi", "-i", SOURCE,
                        "-f", "lavfi", "-i", "sine", "-t", "3", "-vf", "select='mod(n,5)'",
                        "-fps_mode", "vfr", "-c:v", "libx264", "-bf", "2", "-c:a", "pcm_s16le",
                        "in.mov"], cwd=cls.directory, check=True)

    def read_stream(self, file, stream, *options):
        self.ffmpeg("-i", file, "-map", f"0:{stream}", *options, "-f", "framemd5", "read.framemd5")
        return read_framemd5(self.directory / "read.framemd5")

    def test_same_frames_and_times_and_audio(self):
        self.ffmpeg("-i", "in.mov", "-vf", self.deblur(), "-c:v", "libx264", "-c:a", "copy",
                    "-fps_mode", "passthrough", "out.mov")
        times = lambda file: [frame[0] for frame in self.read_stream(
            file, "v", "-fps_mode", "passthrough", "-vf", "settb=1/1000")]
        self.assertEqual(len(times("in.mov")), 24)
        self.assertEqual(times("out.mov"), times("in.mov"))
        audio = lambda file: self.read_stream(file, "a", "-c", "copy")
        self.assertEqual(audio("out.mov"), audio("in.mov"))


if __name__ == "__main__":
    unittest.main()
