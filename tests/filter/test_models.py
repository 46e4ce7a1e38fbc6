# Every architecture in the filter, by random weights; maps as pictures; and the shipped weights by name.
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import re
import subprocess
import unittest
from pathlib import Path

from harness import FFMPEG, MAKE_WEIGHTS, SOURCE, FilterTest

SIZE = (96, 64)
GATED = ("bladenet", "strcnn_dtb_local")  # their maps leave alone what is sharp
WITH_MAP = {**dict.fromkeys(GATED, 0.5), "human": 0.198}  # and what fresh weights see everywhere

COUNT = 8


def moving_box():
    """Frames, in planes G, B and R, of a box that moves before a picture at rest by 8 pixels while each is exposed: blur
    in one place."""
    width, height = SIZE
    frames = bytearray()
    for n in range(COUNT):
        for plane in range(3):
            for y in range(height):
                for x in range(width):
                    value = 60 + 40 * ((x // 6 + y // 5 + plane) % 4)
                    if 20 <= y < 44:
                        covered = sum(10 + 8 * n + i <= x < 30 + 8 * n + i for i in range(9)) / 9
                        value += covered * (240 - 25 * plane - value)
                    frames.append(round(value))
    return bytes(frames)


def architectures():
    run = subprocess.run([MAKE_WEIGHTS, "x", "--architecture", "?"], capture_output=True, text=True)
    return re.search(r"\{(.*?)\}", run.stderr + run.stdout).group(1).split(",")


class Models(FilterTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = moving_box()
        (cls.directory / "source.raw").write_bytes(cls.source)

    def raw(self, name, filters):
        """The moving box after filters."""
        self.ffmpeg("-v", "error", "-f", "rawvideo", "-pix_fmt", "gbrp", "-video_size", "{}x{}".format(*SIZE), "-i",
                    "source.raw", "-vf", filters, "-f", "rawvideo", name)
        return (self.directory / name).read_bytes()

    def test_help_names_every_architecture(self):
        run = subprocess.run([FFMPEG, "-hide_banner", "-h", "filter=deblur"], capture_output=True, text=True,
                             check=True)
        names = architectures()
        self.assertIn("strcnn_dtb", names)
        for name in names:
            self.assertRegex(run.stdout, rf"\b{name}\b")

    def test_every_architecture_restores(self):
        for name in architectures():
            with self.subTest(name):
                restored = self.raw(f"{name}.raw", self.deblur(self.weights(name, 1, scale=30), precision="fp32"))
                self.assertEqual(len(restored), len(self.source))
                self.assertNotEqual(restored, self.source)

    def test_mask_is_a_gray_picture(self):
        for name, seen in WITH_MAP.items():
            with self.subTest(name):
                shown = self.raw(f"{name}-mask.raw", self.deblur(self.weights(name, 1), mask=1))
                self.assertLess(max(abs(value - 255 * seen) for value in shown), 8)

    def test_focus_weights_the_correction_by_the_map(self):
        # A correction of -0.1 everywhere, 25.5 codes.
        for name, seen in WITH_MAP.items():
            weights = self.weights(name, 1, scale=0, offset="-0.1,-0.1,-0.1").rename(self.directory / f"{name}-dark")
            for focus in (0, 0.5, 1):
                change = 25.5 * (1 - focus * (1 - seen))
                with self.subTest(name, focus=focus):
                    restored = self.raw("focus.raw", self.deblur(weights, precision="fp32", focus=focus))
                    changes = [before - after for before, after in zip(self.source, restored)]
                    self.assertLess(max(abs(value - change) for value in changes), 2)

    def test_mask_and_focus_need_a_model_that_has_a_map(self):
        for options, purpose in ((dict(mask=1), "show"), (dict(focus=0.5), "focus by")):
            log = self.ffmpeg("-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "2", "-vf",
                              self.deblur(**options), "-f", "null", "-", fails=True)
            self.assertRegex(log, rf"'strcnn_dtb' has no mask to {purpose}, models that have are: .*\bhuman\b")

    def test_every_shipped_model_restores(self):
        index = json.loads((Path(__file__).parents[2] / "models/index.json").read_text())
        for model in index["models"]:
            name, m = model["name"], model["window"]
            with self.subTest(name, m=m):
                restored = self.raw("shipped.raw", f"deblur=model={name}:m={m}:threads=1")
                self.assertEqual(len(restored), len(self.source))
                self.assertNotEqual(restored, self.source)
                changes = [abs(a - b) for a, b in zip(self.source, restored)]
                self.assertLess(sum(changes) / len(changes), 8)

    def test_shipped_weights_leave_what_is_sharp(self):
        for name in GATED:
            with self.subTest(name):
                restored = self.raw("shipped.raw", f"deblur=model={name}:threads=1")
                changed = sum(a != b for a, b in zip(self.source, restored))
                self.assertGreater(changed, 1000, "the box stays as it was")
                self.assertLess(changed, len(self.source) / 2)

    def test_shipped_weights_invent_nothing_in_text_grids_and_gradients(self):
        # At rest: so nothing shimmers, either. A gradient has no detail to tell that it is sharp, but little to correct. The first
        # frame of the text, without a state, differs by two codes in a few places.
        pictures = {"text": "testsrc=size=160x120,trim=end_frame=1,loop=3:1",
                    "grid": "color=size=160x120,geq=lum='if(mod(X,8)*mod(Y,8),16,235)':cb=128:cr=128",
                    "gradient": "color=size=160x120,geq=lum='16+X':cb='64+Y':cr=128"}
        for name, source in pictures.items():
            seen = {}
            for model in ("none", "strcnn_dtb", "strcnn_dtb_fast"):
                filters = "format=yuv420p" + (f",deblur=model={model}:threads=1" if model != "none" else "")
                self.ffmpeg("-v", "error", "-f", "lavfi", "-i", source, "-frames:v", 4, "-vf", f"scale,{filters}",
                            "-f", "rawvideo", "sharp.raw")
                seen[model] = (self.directory / "sharp.raw").read_bytes()
            for model in ("strcnn_dtb", "strcnn_dtb_fast"):
                changes = [abs(a - b) for a, b in zip(seen["none"], seen[model])]
                first = len(changes) // 4
                with self.subTest(picture=name, model=model):
                    self.assertLessEqual(max(changes[:first]), 0 if name == "grid" else 2)
                    self.assertLessEqual(max(changes[first:]), 2 if name == "gradient" else 0)
                    self.assertLess(sum(changes), len(changes) / 100)


    def test_passes_are_regions_that_brmr_refines(self):
        # iGAN and pGAN each make everything darker by 25.5 codes. Random discriminators like the second time, or not.
        def times_darker(seed, passes):
            weights = self.weights("brmr", 0, scale=0, offset="-0.1,-0.1,-0.1", seed=seed)
            restored = self.raw("passes.raw", self.deblur(weights, precision="fp32", passes=passes))
            first = [before - after for before, after in zip(self.source, restored)][:SIZE[0] * SIZE[1] * 3]
            times = round(sum(first) / len(first) / 25.5)
            self.assertLess(max(abs(value - 25.5 * times) for value in first), 2)
            return times

        self.assertEqual(times_darker(1, 0), 1)
        self.assertEqual({times_darker(seed, 1) for seed in range(1, 6)}, {1, 2})

    def test_refine_is_brmr_behind_another_model(self):
        # The model makes pictures darker by 25.5 codes, and pGAN again, where its discriminator likes it.
        model = self.weights("cnn", 1, scale=0, offset="-0.1,-0.1,-0.1")

        def times_darker(seed, refine):
            refiner = self.weights("brmr", 0, scale=0, offset="-0.1,-0.1,-0.1", seed=seed)
            restored = self.raw("refine.raw", self.deblur(model, precision="fp32", refine=refine, refiner=refiner))
            first = [before - after for before, after in zip(self.source, restored)][:SIZE[0] * SIZE[1] * 3]
            return round(sum(first) / len(first) / 25.5)

        self.assertEqual(times_darker(1, 0), 1)
        self.assertEqual({times_darker(seed, 1) for seed in range(1, 6)}, {1, 2})
        said = self.ffmpeg("-f", "lavfi", "-i", SOURCE, "-vf", self.deblur(model, refine=1, refiner=model), "-f",
                           "null", "-", fails=True)
        self.assertIn("the model 'cnn' refines no regions, brmr does", said)


if __name__ == "__main__":
    unittest.main()
