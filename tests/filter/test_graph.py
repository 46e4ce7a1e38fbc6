# The filter among others: several at once, scene cuts, the network's resolution, architectures.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import unittest

from harness import SOURCE, FilterTest, read_framemd5


class Graph(FilterTest):
    def test_two_in_a_row_are_two_runs(self):
        deblur = self.deblur()
        self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-vf", f"trim=end_frame=8,{deblur}",
                    "-c:v", "ffv1", "once.nut")
        self.ffmpeg("-i", "once.nut", "-vf", deblur, "-f", "framemd5", "twice.framemd5")
        twice = read_framemd5(self.directory / "twice.framemd5")
        frames = self.frames({"row": f"{deblur},{deblur}", "once": deblur}, count=8)
        self.assertEqual([f[3] for f in frames["row"]], [f[3] for f in twice])
        self.assertNotEqual(frames["row"], frames["once"])

    def test_two_side_by_side_do_not_meet(self):
        # Streams of different sizes, through the same weights.
        chains = {"large": f"null,{self.deblur()}", "small": f"scale=32:24,{self.deblur()}"}
        together = self.frames(chains, count=8)
        for name, chain in chains.items():
            self.assertEqual(together[name], self.frames({name: chain}, count=8)[name])

    def test_a_scene_cut_starts_anew(self):
        # Black, then the moving picture.
        cut = f"color=size=64x48:rate=10:duration=0.5,format=yuv420p[a];{SOURCE}[b];[a][b]concat"
        frames = self.frames({
            "detected": self.deblur(),
            "ignored": self.deblur(scene=0),
            "before": f"trim=end_frame=5,{self.deblur()}",
            "after": f"trim=start_frame=5,{self.deblur()}"}, source=cut, count=12)
        self.assertEqual(frames["detected"], frames["before"] + frames["after"])
        self.assertNotEqual(frames["detected"], frames["ignored"])

    def test_queue_and_threads_change_nothing(self):
        frames = self.frames({queue: self.deblur(queue=queue, threads=1 + queue % 2,
                                                 precision="fp32") for queue in (0, 1, 5, 64)})
        for queue in (1, 5, 64):
            with self.subTest(queue=queue):
                self.assertEqual(frames[queue], frames[0])

    def test_threads_are_as_told_and_shared_by_fields(self):
        # The two fields' contexts say the same, which ffmpeg shows once.
        for threads, field, expected in ((1, "frame", "1"), (3, "frame", "3"), (4, "fields", "2"), (1, "fields", "1")):
            log = self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-vf", self.deblur(threads=threads, field=field),
                              "-frames:v", "1", "-f", "null", "-")
            with self.subTest(threads=threads, field=field):
                self.assertEqual(set(re.findall(r" at 64x\d+, (\d+) threads", log)), {expected})

    def test_resolution(self):
        named, sized = self.deblur(resolution="qqvga"), self.deblur(resolution="160x120")
        frames = self.frames({"source": self.deblur(), "named": named, "sized": sized}, count=4)
        self.assertEqual(frames["named"], frames["sized"])
        self.assertNotEqual(frames["named"], frames["source"])

    def test_model_and_window_choose_the_weights(self):
        installed = [("strcnn_dtb", 1), ("strcnn_dtb", 0), ("strcnn", 2), ("cnn", 1)]
        models = self.model_directory(*installed)
        choices = {"model=strcnn_dtb:m=1": 0, "model=strcnn+dtb:window=0": 1, "m=0": 1,
                   "model=strcnn": 2, "model=cnn": 3, "model=auto": 0}
        for options, index in choices.items():
            with self.subTest(options=options):
                self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-vf",
                            f"trim=end_frame=4,deblur={options}:threads=1",
                            "-f", "framemd5", "chosen.framemd5", DEBLUR_MODELS=str(models))
                explicit = self.deblur(self.weights(*installed[index], scale=30))
                self.assertEqual(read_framemd5(self.directory / "chosen.framemd5"),
                                 self.frames({"": explicit}, count=4)[""])


if __name__ == "__main__":
    unittest.main()
