# The plugin in the system's unpatched ffmpeg restores as the filter does with m=0:queue=0.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import subprocess
import unittest
from pathlib import Path

from harness import FilterTest

HOST = os.environ["DEBLUR_SYSTEM_FFMPEG"]
PLUGIN = Path(os.environ["DEBLUR_FREI0R"])
WIDTH, HEIGHT, COUNT, CUT = 64, 48, 12, 7
RAW = ["-f", "rawvideo", "-pix_fmt", "rgba"]
INPUT = [*RAW, "-s", f"{WIDTH}x{HEIGHT}", "-r", "10", "-i", "source.raw"]


class Host(FilterTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.make_source()
        (cls.directory / "source.raw").write_bytes(cls.source)
        cls.file = cls.weights(window=0, scale=30)

    @classmethod
    def make_source(cls):
        """RGBA frames that move, get another scene at frame CUT, and have every alpha."""
        command = [os.environ["DEBLUR_FFMPEG"], "-v", "error", "-f", "lavfi", "-i",
                   f"testsrc2=size={WIDTH}x{HEIGHT}:rate=10", "-frames:v", str(COUNT), *RAW, "-"]
        frames = bytearray(subprocess.run(command, capture_output=True, check=True).stdout)
        cut = CUT * WIDTH * HEIGHT * 4
        frames[cut:] = bytes(255 - value for value in frames[cut:])
        frames[3::4] = bytes(i % 256 for i in range(len(frames) // 4))
        return bytes(frames)

    def host(self, parameters, **environment):
        """The frames after the plugin, and what the program said."""
        run = subprocess.run([HOST, "-v", "error", "-nostdin", *INPUT, "-vf", f"frei0r=deblur:{parameters}", *RAW, "-"],
                             cwd=self.directory, capture_output=True,
                             env={**os.environ, "FREI0R_PATH": str(PLUGIN.parent), **environment})
        log = run.stderr.decode(errors="replace")
        self.assertEqual(run.returncode, 0, log)
        self.assertEqual(len(run.stdout), len(self.source), log)
        return run.stdout, log

    def filter(self, options, **environment):
        """The frames after the filter."""
        self.ffmpeg("-v", "error", *INPUT, "-vf", f"deblur=m=0:queue=0:{options}", *RAW, "filter.raw", **environment)
        return (self.directory / "filter.raw").read_bytes()

    def assert_same(self, a, b):
        self.assertLessEqual(max(abs(x - y) for x, y in zip(a, b)), 1)

    def test_as_the_filter(self):
        plain = f"weights={self.file}"
        seen = set()
        for parameters, options in (
                (f"auto|1|0.1|source|{self.file}", plain),
                (f"auto|1|0|source|{self.file}", f"{plain}:scene=0"),
                (f"auto|1|0.1|32x24|{self.file}", f"{plain}:resolution=32x24")):
            with self.subTest(parameters=parameters):
                restored, log = self.host(parameters)
                self.assertEqual(log, "")
                self.assert_same(restored, self.filter(options))
                self.assertEqual(restored[3::4], self.source[3::4])
                seen.add(restored)
        self.assertEqual(len(seen), 3)

    def test_strength_mixes(self):
        whole, _ = self.host(f"auto|1|0.1|source|{self.file}")
        half, _ = self.host(f"auto|0.5|0.1|source|{self.file}")
        self.assertEqual(half, bytes((a + b + 1) // 2 for a, b in zip(self.source, whole)))
        # The filter limits once, after the mixing, so that only what stays within the range is the same.
        filtered = self.filter(f"weights={self.file}:strength=0.5")
        inside = [i for i, value in enumerate(whole) if 0 < value < 255]
        self.assert_same([half[i] for i in inside], [filtered[i] for i in inside])

    def test_shipped_models(self):
        models = str(self.model_directory(("strcnn_dtb", 0), ("strcnn_dtb_fast", 0)))
        default, _ = self.host("auto", DEBLUR_MODELS=models)
        fast, _ = self.host("strcnn_dtb_fast", DEBLUR_MODELS=models)
        self.assert_same(default, self.filter("model=strcnn_dtb", DEBLUR_MODELS=models))
        self.assert_same(fast, self.filter("model=strcnn_dtb_fast", DEBLUR_MODELS=models))
        self.assertNotEqual(default, fast)

    def test_failure_lets_pictures_pass(self):
        for parameters, reason in ((f"auto|1|0.1|source|{self.directory}/none.safetensors", "none.safetensors"),
                                   (f"auto|1|0.1|source|{self.weights(window=1)}", "not m = 0"),
                                   ("sharpest", "sharpest"),
                                   ("auto|1|0.1|big", "resolution 'big'")):
            with self.subTest(parameters=parameters):
                passed, log = self.host(parameters)
                self.assertEqual(passed, self.source)
                self.assertEqual(log.count("\n"), 1, log)
                self.assertIn("pictures pass as they are", log)
                self.assertIn(reason, log)


if __name__ == "__main__":
    unittest.main()
