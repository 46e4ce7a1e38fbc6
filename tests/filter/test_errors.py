# What cannot work ends with one line that names the value and what is valid, and no crash.
# SPDX-License-Identifier: LGPL-2.1-or-later
import unittest
from pathlib import Path

from harness import SOURCE, FilterTest

HAS_GPU = Path("/dev/nvidiactl").exists()


class Errors(FilterTest):
    def assert_refused(self, deblur, *parts, **environment):
        """ffmpeg fails, and exactly one line names all the parts."""
        log = self.ffmpeg("-v", "error", "-f", "lavfi", "-i", SOURCE, "-frames:v", "5",
                          "-vf", deblur, "-f", "null", "-", fails=True, **environment)
        telling = [line for line in log.splitlines() if all(part in line for part in parts)]
        self.assertEqual(len(telling), 1, f"expected one line with {parts} in:\n{log}")

    def test_unknown_model(self):
        models = self.model_directory(("strcnn_dtb", 1), ("cnn", 2))
        self.assert_refused("deblur=model=nonsense", "'nonsense'", "strcnn_dtb", "cnn",
                            DEBLUR_MODELS=str(models))

    def test_model_without_weights_for_the_window(self):
        models = self.model_directory(("strcnn_dtb", 1))
        self.assert_refused("deblur=model=strcnn_dtb:m=3", "m = 3", "m = 1",
                            DEBLUR_MODELS=str(models))

    def test_no_models_installed(self):
        self.assert_refused("deblur", "/nowhere", "DEBLUR_MODELS", DEBLUR_MODELS="/nowhere")

    def test_missing_weights(self):
        self.assert_refused("deblur=weights=nowhere.safetensors", "nowhere.safetensors")

    def test_truncated_weights(self):
        whole = self.weights().read_bytes()
        for size in (0, 7, 100, len(whole) // 2, len(whole) - 1):
            with self.subTest(size=size):
                (self.directory / "truncated.safetensors").write_bytes(whole[:size])
                self.assert_refused("deblur=weights=truncated.safetensors",
                                    "truncated.safetensors")

    def test_weights_that_are_something_else(self):
        (self.directory / "text.safetensors").write_text("these are not the weights " * 100)
        self.assert_refused("deblur=weights=text.safetensors", "text.safetensors")

    def test_weights_of_another_window_or_model(self):
        self.assert_refused(self.deblur(self.weights(window=1), window=2), "m = 1", "2")
        self.assert_refused(self.deblur(self.weights("cnn"), model="strcnn_dtb"),
                            "cnn", "strcnn_dtb")

    def test_missing_engine(self):
        self.assert_refused(self.deblur(), "/nowhere/engine.so", "DEBLUR_ENGINE",
                            DEBLUR_ENGINE="/nowhere/engine.so")

    def test_wrong_engine(self):
        (self.directory / "engine.so").write_text("not a shared object")
        engine = str(self.directory / "engine.so")
        self.assert_refused(self.deblur(), engine, DEBLUR_ENGINE=engine)

    @unittest.skipIf(HAS_GPU, "there is a GPU")
    def test_cuda_without_a_gpu(self):
        for device in ("cuda", "cuda\\\\:1"):
            with self.subTest(device=device):
                self.assert_refused(self.deblur(device=device), device.replace("\\", ""), "cpu")

    def test_unknown_device(self):
        self.assert_refused(self.deblur(device="tpu"), "'tpu'", "auto, cpu, cuda")

    def test_resolution(self):
        for value in ("large", "0x0", "64", "64x"):
            with self.subTest(value=value):
                self.assert_refused(self.deblur(resolution=value), f"'{value}'", "WIDTHxHEIGHT")

    def test_out_of_range(self):
        for option, value in (("m", 4), ("strength", 1.5), ("scene", 101), ("queue", 65), ("focus", 2), ("passes", 65), ("refine", 65), ("memory", -1)):
            with self.subTest(option=option):
                self.assert_refused(self.deblur(**{option: value}), f"Value {value}", "out of range")


if __name__ == "__main__":
    unittest.main()
