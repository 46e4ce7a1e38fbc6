# Faults x outcome: what fails, what ffmpeg does, and how many frames are there in the end.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import unittest

from harness import SOURCE, FilterTest, read_framemd5

ENGINE = os.environ["DEBLUR_FAILING_ENGINE"]
COUNT = 12
PASSED = "frames pass unfiltered from here on"


class Faults(FilterTest):
    def run_with(self, fault, *options, fails):
        """Runs with an engine that changes nothing, and fails; returns the log and the frames."""
        description = ":".join([self.deblur(queue=2), *options])
        log = self.ffmpeg("-v", "warning", "-f", "lavfi", "-i", SOURCE, "-vf",
                          f"trim=end_frame={COUNT},{description}", "-f", "framemd5",
                          "-flush_packets", "1", "fault.framemd5", fails=fails,
                          DEBLUR_ENGINE=ENGINE, DEBLUR_FAIL=fault)
        path = self.directory / "fault.framemd5"
        return log, read_framemd5(path) if path.exists() else []

    def test_matrix(self):
        expected = self.frames({"in": "null"}, count=COUNT)["in"]
        print("fault        on_error  exit   frames  message")
        # At which the engine fails; frames that an engine has handed out before.
        faults = {"none": None, "open": 0, "send:0": 0, "send:5": 2, "receive:0": 0, "receive:4": 4}
        for fault, before in faults.items():
            for field in ("frame", "fields"):
                for on_error in ("fail", "pass"):
                    with self.subTest(fault=fault, field=field, on_error=on_error):
                        (self.directory / "fault.framemd5").unlink(missing_ok=True)
                        fails = before is not None and on_error == "fail"
                        log, frames = self.run_with(fault, f"on_error={on_error}",
                                                    f"field={field}", fails=fails)
                        print(f"{fault:12} {on_error:9} {'error' if fails else '0':6} "
                              f"{len(frames):6}  {(log.splitlines() or ['-'])[0][-60:]}")
                        # Whatever has been written is right, and passing loses nothing.
                        self.assertEqual(frames, expected[:len(frames)])
                        if not fails:
                            self.assertEqual(len(frames), COUNT, log)
                        self.assertEqual(log.count(PASSED), int(bool(
                            on_error == "pass" and before is not None)), log)
                        if before is not None:
                            self.assertIn("the device has gone", log)

    def test_the_callers_mistakes_are_not_passed(self):
        for mistake in ("device=tpu", "weights=nowhere.safetensors:m=0"):
            with self.subTest(mistake=mistake):
                fails = "device" in mistake
                log, frames = self.run_with("none", mistake, "on_error=pass", fails=fails)
                if fails:
                    self.assertNotIn(PASSED, log)


if __name__ == "__main__":
    unittest.main()
