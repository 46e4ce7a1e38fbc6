# Frames in GPU memory, of a made-up GPU (tests/fakes): restored there as frames in host memory are, bit for bit.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import re
import unittest

from harness import FFMPEG, SOURCE, FilterTest, has_cuda, read_framemd5

FORMATS = "nv12 yuv420p yuv444p p010le p016le yuv444p16le bgr0".split()
GPU = ("-init_hw_device", "cuda=cu:0", "-filter_hw_device", "cu")
FAILING_ENGINE = os.environ["DEBLUR_FAILING_ENGINE"]


@unittest.skipUnless(has_cuda(), "this ffmpeg was built without frames in GPU memory")
class Hwframes(FilterTest):
    def on_gpu(self, deblur, format="nv12"):
        return f"scale,format={format},hwupload,{deblur},hwdownload,format={format}"

    def on_host(self, deblur, format="nv12"):
        return f"scale,format={format},{deblur}:device=cpu"

    def assert_same(self, deblur, *, head="", formats=("nv12",), source=SOURCE, count=12):
        """What a filter makes of frames in GPU memory is what it makes of those in host memory."""
        graphs = {}
        for name in formats:
            graphs[name, "in"] = f"{head}scale,format={name}"
            graphs[name, "gpu"] = head + self.on_gpu(deblur, name)
            graphs[name, "host"] = head + self.on_host(deblur, name)
        frames = self.frames(graphs, input=(*GPU, "-f", "lavfi", "-i", source), count=count)
        for name in formats:
            with self.subTest(format=name):
                self.assertEqual(len(frames[name, "gpu"]), len(frames[name, "in"]))
                self.assertEqual(frames[name, "gpu"], frames[name, "host"])
        return frames

    def test_every_format(self):
        frames = self.assert_same(self.deblur(), formats=FORMATS)
        for name in FORMATS:
            for before, after in zip(frames[name, "in"], frames[name, "gpu"]):
                with self.subTest(format=name):
                    self.assertNotEqual(after[3], before[3])

    def test_windows_and_queues(self):
        for window, queue in ((0, 0), (2, 0), (1, 5)):
            with self.subTest(window=window, queue=queue):
                self.assert_same(self.deblur(self.weights(window=window, scale=30), queue=queue))

    def test_untouched(self):
        for options in ("strength=0", "enable=0"):
            frames = self.assert_same(f"{self.deblur()}:{options}", formats=FORMATS)
            for name in FORMATS:
                with self.subTest(options=options, format=name):
                    self.assertEqual(frames[name, "gpu"], frames[name, "in"])

    def test_timeline(self):
        frames = self.assert_same(f"{self.deblur()}:enable='between(n,4,7)'")
        changed = [n for n in range(12) if frames["nv12", "gpu"][n] != frames["nv12", "in"][n]]
        self.assertEqual(changed, [4, 5, 6, 7])

    def test_scene_cuts(self):
        cut = (f"color=black:size=64x48:rate=10:duration=0.5[a];{SOURCE}:duration=1[b];"
               "[a]format=yuv420p[c];[c][b]concat")
        self.assert_same(self.deblur(scene=5), source=cut)

    def test_fields(self):
        for order in ("tff", "bff"):
            options = dict(head=f"setfield={order},", formats=("nv12", "yuv444p"))
            with self.subTest(order=order):
                fields = self.assert_same(self.deblur(), **options)
                frames = self.assert_same(self.deblur(field="frame"), **options)
                self.assertNotEqual(fields["nv12", "gpu"], frames["nv12", "gpu"])
        # Whose chroma has no two equal fields.
        self.assert_same(self.deblur(field="fields"), source="testsrc2=size=64x46:rate=10", head="setfield=tff,")

    def test_size_changes_with_the_graph(self):
        # ffmpeg builds a new graph, around the same device. (From the ffv1 decoder, frames after such a change are not
        # the same in every run.)
        for size in ("64x48", "96x32"):
            self.ffmpeg("-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=10:duration=1", "-c:v",
                        "mpeg2video", f"{size}.nut")
        (self.directory / "list.txt").write_text("file 64x48.nut\nfile 96x32.nut\n")
        frames = {}
        for name, chain in (("gpu", self.on_gpu(self.deblur())), ("host", self.on_host(self.deblur()))):
            log = self.ffmpeg("-v", "error", *GPU, "-f", "concat", "-safe", "0", "-i", "list.txt", "-vf", chain,
                              "-noautoscale", "-f", "framemd5", "out.framemd5")
            frames[name] = read_framemd5(self.directory / "out.framemd5")
            self.assertIn(" 0 live", log)
        self.assertEqual(frames["gpu"], frames["host"])
        self.assertEqual({size for _, _, size, _ in frames["gpu"]}, {64 * 48 * 3 // 2, 96 * 32 * 3 // 2})

    def test_size_changes_in_a_graph(self):
        said = self.graph_program(self.weights(scale=30))
        self.assertIn("frames in GPU memory are restored", said)
        self.assertIn(" 0 live, 0 contexts", said)

    def run_on_gpu(self, deblur, **options):
        return self.ffmpeg("-v", "info", *GPU, "-f", "lavfi", "-i", SOURCE, "-frames:v", "30", "-vf",
                           self.on_gpu(deblur), "-f", "framemd5", "out.framemd5", **options)

    def test_memory_is_given_back(self):
        log = self.run_on_gpu(self.deblur(queue=16))
        allocations, live = map(int, re.search(r"(\d+) allocations, (\d+) live, 0 contexts", log).groups())
        self.assertEqual(live, 0)
        self.assertIn("frames in CUDA memory, with a context", log)
        # One of the look-ahead's frames each, and few besides: those of the input are not held.
        self.assertLessEqual(allocations, 1 + 16 + 6, log)

    def test_memory_for_maps(self):
        self.assertIn("maps in 7340032 bytes", self.run_on_gpu(self.deblur(memory=7)))

    def assert_refused(self, deblur, *parts, **environment):
        log = self.run_on_gpu(deblur, fails=True, **environment)
        telling = [line for line in log.splitlines() if all(part in line for part in parts)]
        self.assertEqual(len(telling), 1, f"expected one line with {parts} in:\n{log}")
        self.assertIn(" 0 live", log)

    def test_the_cpu_does_not_reach_them(self):
        self.assert_refused(self.deblur(device="cpu"), "device cpu", "CUDA memory", "device=cuda", "hwdownload")

    def test_no_fallback_to_the_cpu(self):
        self.assert_refused(self.deblur(), "no engine for CUDA", "CUDA memory",
                            DEBLUR_ENGINE_CUDA="/nowhere/engine-cuda.so")

    def test_failures_that_pass(self):
        frames = self.frames({"in": "scale,format=nv12"}, count=30)["in"]
        for fault in ("open", "send:5", "receive:4"):
            with self.subTest(fault=fault):
                log = self.run_on_gpu(self.deblur(on_error="pass"), DEBLUR_ENGINE_CUDA=FAILING_ENGINE,
                                      DEBLUR_FAIL=fault)
                self.assertEqual(log.count("frames pass unfiltered"), 1, log)
                self.assertEqual(read_framemd5(self.directory / "out.framemd5"), frames)
                self.assertIn(" 0 live", log)


if __name__ == "__main__":
    unittest.main()
