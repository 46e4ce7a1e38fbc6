# The plugin's functions, called as a program does that seeks, changes parameters and runs several instances.
# SPDX-License-Identifier: LGPL-2.1-or-later
import ctypes
import os
import random
import subprocess
import unittest

from harness import FilterTest

PLUGIN = os.environ["DEBLUR_FREI0R"]
WIDTH, HEIGHT = 32, 16
MODEL, STRENGTH, SCENE, RESOLUTION, WEIGHTS = range(5)
TEXT = (MODEL, RESOLUTION, WEIGHTS)

plugin = ctypes.CDLL(PLUGIN)
plugin.f0r_construct.restype = ctypes.c_void_p
plugin.f0r_destruct.argtypes = [ctypes.c_void_p]
plugin.f0r_set_param_value.argtypes = plugin.f0r_get_param_value.argtypes = [
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
plugin.f0r_update.argtypes = [ctypes.c_void_p, ctypes.c_double, ctypes.c_char_p, ctypes.c_char_p]


class Instance:
    def __init__(self):
        self.handle = plugin.f0r_construct(WIDTH, HEIGHT)

    def set(self, index, value):
        value = ctypes.c_char_p(str(value).encode()) if index in TEXT else ctypes.c_double(value)
        plugin.f0r_set_param_value(self.handle, ctypes.byref(value), index)

    def get(self, index):
        value = ctypes.c_char_p() if index in TEXT else ctypes.c_double()
        plugin.f0r_get_param_value(self.handle, ctypes.byref(value), index)
        return value.value.decode() if index in TEXT else value.value

    def update(self, time, picture):
        out = ctypes.create_string_buffer(len(picture))
        plugin.f0r_update(self.handle, time, picture, out)
        return out.raw

    def run(self, pictures, start=0.0):
        return [self.update(start + i / 10, picture) for i, picture in enumerate(pictures)]


class Calls(FilterTest):
    def instance(self, weights):
        instance = Instance()
        self.addCleanup(plugin.f0r_destruct, instance.handle)
        instance.set(WEIGHTS, weights)
        return instance

    def setUp(self):
        noise = random.Random(1)
        self.pictures = [noise.randbytes(4 * WIDTH * HEIGHT) for _ in range(4)]
        self.instance_ = self.instance(self.weights(window=0, scale=30))
        self.instance_.set(SCENE, 0.0)
        self.restored = self.instance_.run(self.pictures)

    def test_restores_with_a_state(self):
        self.assertTrue(all(a != b for a, b in zip(self.pictures, self.restored)))
        again = self.instance_.run(self.pictures, start=1.0)
        self.assertNotEqual(again[0], self.restored[0])

    def test_going_back_in_time_starts_anew(self):
        self.assertEqual(self.instance_.run(self.pictures), self.restored)

    def test_a_picture_asked_again_does_not_advance_the_state(self):
        twice = [self.instance_.update(i / 10, picture) for i, picture in enumerate(self.pictures) for _ in range(3)]
        self.assertEqual(twice[0::3], self.restored)
        self.assertEqual(twice[2::3], self.restored)

    def test_another_strength_does_not_advance_the_state(self):
        again = []
        for i, picture in enumerate(self.pictures):
            for strength in (0.0, 0.25, 1.0):
                self.instance_.set(STRENGTH, strength)
                again.append(self.instance_.update(i / 10, picture))
        self.assertEqual(again[0::3], self.pictures)
        self.assertEqual(again[2::3], self.restored)
        for picture, part, whole in zip(self.pictures, again[1::3], self.restored):
            error = max(abs(a + (c - a) / 4 - b) for a, b, c in zip(picture, part, whole))
            self.assertLessEqual(error, 0.5)

    def test_another_picture_at_the_same_time_starts_anew(self):
        changed = [self.instance_.update(0.3, self.pictures[0]) for _ in range(2)]
        self.assertEqual(changed, [self.restored[0]] * 2)

    def test_a_program_without_a_clock_keeps_the_state(self):
        other = self.instance(self.weights(window=0, scale=30))
        other.set(SCENE, 0.0)
        self.assertEqual([other.update(0.0, picture) for picture in self.pictures], self.restored)

    def test_seconds_and_milliseconds_are_alike(self):
        for unit in (1, 1000):
            self.assertEqual([self.instance_.update(unit * i / 25, picture)
                              for i, picture in enumerate(self.pictures)], self.restored)

    def test_instances_have_states_of_their_own(self):
        other = self.instance(self.weights(window=0, scale=30))
        other.set(SCENE, 0.0)
        self.instance_.update(1.0, self.pictures[3])
        self.assertEqual(other.run(self.pictures), self.restored)

    def test_strength_changes_from_picture_to_picture(self):
        self.instance_.set(STRENGTH, 0.0)
        self.assertEqual(self.instance_.update(1.0, self.pictures[0]), self.pictures[0])
        self.instance_.set(STRENGTH, 1.0)
        fresh = self.instance(self.weights(window=0, scale=30))
        self.assertNotEqual(self.instance_.update(1.1, self.pictures[1]), fresh.update(0.0, self.pictures[1]),
                            "the state was lost while strength was 0")

    def test_new_weights_open_anew(self):
        self.instance_.set(WEIGHTS, "/nowhere/none.safetensors")
        self.assertEqual(self.instance_.run(self.pictures, start=1.0), self.pictures)
        self.instance_.set(WEIGHTS, self.weights(window=0, scale=30))
        self.assertEqual(self.instance_.run(self.pictures, start=2.0), self.restored)

    def test_parameters(self):
        fresh = Instance()
        self.addCleanup(plugin.f0r_destruct, fresh.handle)
        self.assertEqual([fresh.get(index) for index in range(5)], ["auto", 1.0, 0.1, "source", ""])
        for index, value in ((MODEL, "strcnn_dtb_fast"), (STRENGTH, 0.25), (RESOLUTION, "64x32"), (SCENE, 0.5)):
            fresh.set(index, value)
            self.assertEqual(fresh.get(index), value)
        fresh.set(STRENGTH, 7.0)
        self.assertEqual(fresh.get(STRENGTH), 1.0)

    def test_exports(self):
        names = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=just-symbols", PLUGIN],
                               capture_output=True, text=True, check=True).stdout.split()
        self.assertTrue(names)
        self.assertEqual([name for name in names if not name.startswith("f0r_")], [])


if __name__ == "__main__":
    unittest.main()
