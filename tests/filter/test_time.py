# Time is not the filter's: times pass as they are; cuts are found in what is seen, and told.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import unittest

from harness import SOURCE, FilterTest, has_component, needs_show, read_framemd5


class Scenes(FilterTest):
    def resets(self, source, **options):
        """At which frames the state was fresh, as the filter's statistics tell."""
        self.ffmpeg("-v", "error", "-f", "lavfi", "-i", source, "-vf",
                    f"{self.deblur(stats=1, **options)},"
                    "metadata=print:key=lavfi.deblur.reset:file=resets.txt", "-f", "null", "-")
        text = (self.directory / "resets.txt").read_text()
        values = re.findall(r"lavfi\.deblur\.reset=(\d)", text)
        return [n for n, value in enumerate(values) if value == "1"]

    def test_hard_cuts(self):
        other = "testsrc=size=64x48:rate=10,format=yuv420p,trim=end_frame=5"
        cuts = (f"{SOURCE},trim=end_frame=6[a];{other}[b];{SOURCE},trim=start_frame=20:end_frame=28[c];"
                "[a][b][c]concat=n=3")
        for m in (0, 1, 2):
            with self.subTest(m=m):
                weights = self.weights(window=m, scale=30)
                self.assertEqual(self.resets(cuts, weights=weights), [0, 6, 11])
        for scene, resets in ((0, [0]), (1, [0, 6, 11]), (100, [0])):
            with self.subTest(scene=scene):
                self.assertEqual(self.resets(cuts, scene=scene), resets)

    def test_fades_are_no_cuts(self):
        fade = f"{SOURCE},trim=end_frame=24,fade=out:3:8"
        self.assertEqual(self.resets(fade), [0])
        self.assertEqual(self.resets(f"{SOURCE},trim=end_frame=16,fade=in:2:8"), [0])

    def test_a_flash_is_no_cut(self):
        flash = f"{SOURCE},trim=end_frame=16,geq=lum=235:cb=128:cr=128:enable='eq(n,7)'"
        self.assertEqual(self.resets(flash), [0])
        # Two flashes, and one on the last frame but one.
        flash = f"{SOURCE},trim=end_frame=16,geq=lum=235:cb=128:cr=128:enable='eq(n,7)+eq(n,10)+eq(n,14)'"
        self.assertEqual(self.resets(flash, m=2, weights=self.weights(window=2, scale=30)), [0])

    def test_frames_far_from_a_flash_do_not_notice(self):
        # The network without recurrence sees m frames on each side, and no further.
        deblur = self.deblur(self.weights("cnn", 1, scale=30))
        flash = "geq=lum=235:cb=128:cr=128:enable='eq(n,7)'"
        frames = self.frames({"plain": f"scale,format=yuv420p,{deblur}",
                              "flash": f"scale,format=yuv420p,{flash},{deblur}"}, count=14)
        changed = [n for n in range(14) if frames["plain"][n][3] != frames["flash"][n][3]]
        self.assertEqual(changed, [6, 7, 8])

    def test_a_flash_at_the_end(self):
        flash = f"{SOURCE},trim=end_frame=8,geq=lum=235:cb=128:cr=128:enable='eq(n,7)'"
        self.assertEqual(self.resets(flash), [0, 7])


class Times(FilterTest):
    @needs_show
    def test_variable_gaps_negative_and_missing(self):
        changes = {"vfr": "setpts='PTS+mod(N,3)*0.02/TB'", "gap": "setpts='PTS+gte(N,9)*100/TB'",
                   "negative": "setpts=PTS-0.75/TB", "backwards": "setpts='PTS-gte(N,9)*5/TB'",
                   "missing": "setpts='if(mod(N,4),PTS,NAN)'", "all missing": "setpts=NAN"}
        for name, change in changes.items():
            with self.subTest(times=name):
                frames = self.shown(f"{SOURCE},trim=end_frame=20,{change},split[in][b];[b]{self.deblur()}[out]")
                self.assertEqual(len(frames["in"]), 20)
                self.assertEqual(frames["out"], frames["in"])
                times = re.findall(r"pts:(\S+)", "".join(frames["in"]))
                self.assertEqual("none" in times, "missing" in name)
                self.assertEqual(any(t.startswith("-") for t in times), name in ("negative", "backwards"))

    @unittest.skipUnless(has_component("encoder", "libx264"), "this ffmpeg has no libx264")
    def test_seeks_loops_and_lists(self):
        self.ffmpeg("-v", "error", "-f", "lavfi", "-t", "3", "-i", SOURCE, "-c:v", "libx264",
                    "-g", "8", "-bf", "2", "clip.mp4")
        (self.directory / "list.txt").write_text("file clip.mp4\ninpoint 0.5\nfile clip.mp4\n")
        inputs = {"seek": ("-ss", "1.25", "-i", "clip.mp4"),
                  "loop": ("-stream_loop", "1", "-i", "clip.mp4"),
                  "list": ("-f", "concat", "-safe", "0", "-i", "list.txt"),
                  "end": ("-t", "1", "-i", "clip.mp4")}
        for name, input in inputs.items():
            with self.subTest(input=name):
                frames = self.frames({"in": "null", "out": self.deblur()}, input=input, count=100)
                self.assertGreater(len(frames["in"]), 5)
                self.assertEqual([f[:3] for f in frames["out"]], [f[:3] for f in frames["in"]])

    @unittest.skipUnless(has_component("encoder", "libx264"), "this ffmpeg has no libx264")
    def test_size_changes_in_mid_stream(self):
        # Annex B streams can simply be joined; ffmpeg rebuilds its graph at each change.
        joined = b""
        for size in ("64x48", "96x64", "64x48"):
            self.ffmpeg("-v", "error", "-f", "lavfi", "-t", "1", "-i",
                        f"testsrc2=size={size}:rate=25", "-c:v", "libx264", "-bf", "0",
                        "part.h264")
            joined += (self.directory / "part.h264").read_bytes()
        (self.directory / "joined.h264").write_bytes(joined)
        read = {}
        runs = {"null": ("null", ()), "rebuilt": (self.deblur(queue=1), ()),
                "kept": (self.deblur(queue=1), ("-reinit_filter", "0"))}
        for name, (chain, options) in runs.items():
            log = self.ffmpeg("-v", "verbose", *options, "-i", "joined.h264", "-vf",
                              f"{chain},scale=64:48", "-fps_mode", "passthrough",
                              "-f", "framemd5", "changes.framemd5")
            read[name] = [f[0] for f in read_framemd5(self.directory / "changes.framemd5")]
            self.assertEqual(log.count("with m = 1"), 0 if name == "null" else 3)
        self.assertEqual(len(read["null"]), 75)
        # ffmpeg throws away what is on its way in the old graph: m + queue frames, no more.
        self.assertGreaterEqual(len(read["rebuilt"]), 75 - 2 * 2)
        # With one graph for all, the filter finishes them before it goes on with the new size.
        self.assertEqual(read["kept"], read["null"])


class Stats(FilterTest):
    def test_values(self):
        source = f"{SOURCE},trim=end_frame=6,gblur=2"
        text = {}
        for name, options in (("on", "stats=1"), ("off", "stats=0"),
                              ("fields", "stats=1:field=fields"), ("strength", "stats=1:strength=0"),
                              ("half", "stats=1:strength=0.5")):
            self.ffmpeg("-v", "error", "-f", "lavfi", "-i", source, "-vf",
                        f"{self.deblur()}:{options},metadata=print:file={name}.txt", "-f", "null", "-")
            text[name] = (self.directory / f"{name}.txt").read_text()
        self.assertNotIn("deblur", text["off"])
        after = {}
        for name in ("on", "fields", "strength", "half"):
            values = {key: [float(v) for v in re.findall(rf"lavfi\.deblur\.{key}=(\S+)", text[name])]
                      for key in ("reset", "sharpness.before", "sharpness.after", "ms")}
            self.assertEqual(values["reset"], [1, 0, 0, 0, 0, 0])
            for key in ("sharpness.before", "sharpness.after", "ms"):
                self.assertEqual(len(values[key]), 6)
                self.assertTrue(all(v > 0 for v in values[key]))
            compare = self.assertEqual if name == "strength" else self.assertNotEqual
            compare(values["sharpness.before"], values["sharpness.after"])
            after[name] = values["sharpness.after"]
        self.assertNotEqual(after["half"], after["on"])


if __name__ == "__main__":
    unittest.main()
