# deblur-bench --ffmpeg: every kind of frame comes through, and is told as a row. How fast, nobody can promise.
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import subprocess
import unittest

from harness import FFMPEG, FilterTest, has_cuda

needs_cuda = unittest.skipUnless(has_cuda(), "this ffmpeg was built without frames in GPU memory")


class Benchmark(FilterTest):
    def bench(self, *arguments, fails=False):
        """The rows of a run, or what it says if it fails. Frames enough for many of ffmpeg's reports on a fast machine, too."""
        rows = self.directory / "rows.json"
        run = subprocess.run([os.environ["DEBLUR_BENCH"], "--ffmpeg", FFMPEG, "--models", "strcnn_dtb_fast", "--sizes",
                              "64x48", "--frames", "1000", "--json", str(rows), *arguments],
                             capture_output=True, text=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
        self.assertEqual(run.returncode != 0, fails, run.stdout + run.stderr)
        return run.stderr if fails else (run.stdout, json.loads(rows.read_text()))

    def assert_row(self, row, **expected):
        self.assertGreater(row.pop("frames_per_second"), 0)
        self.assertEqual(row, {"model": "strcnn_dtb_fast", "width": 64, "height": 48, **expected})

    def test_on_the_cpu(self):
        text, rows = self.bench("--precisions", "fp32,int8", "--threads", "1")
        self.assertEqual(len(text.splitlines()), 3)
        for row, precision in zip(rows, ("fp32", "int8"), strict=True):
            self.assert_row(row, device="cpu", memory="host", precision=precision, threads=1)

    @needs_cuda
    def test_frames_in_gpu_memory(self):
        _, rows = self.bench("--device", "cuda", "--memory", "host,cuda", "--precisions", "fp32")
        for row, memory in zip(rows, ("host", "cuda"), strict=True):
            self.assert_row(row, device="cuda", memory=memory, precision="fp32", threads=0)

    @needs_cuda
    def test_the_filters_errors_come_out(self):
        said = self.bench("--device", "cpu", "--memory", "host,cuda", "--threads", "1", "--precisions", "fp32", fails=True)
        self.assertIn("device cpu", said)
        self.assertIn("CUDA memory", said)
        row, = json.loads((self.directory / "rows.json").read_text()) # what was measured before
        self.assert_row(row, device="cpu", memory="host", precision="fp32", threads=1)


if __name__ == "__main__":
    unittest.main()
