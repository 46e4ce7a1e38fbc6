# The plugin in melt and in GStreamer, where they are installed: the same pictures as in ffmpeg.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from harness import FilterTest

HOST = os.environ["DEBLUR_SYSTEM_FFMPEG"]
PLUGIN = Path(os.environ["DEBLUR_FREI0R"])
WIDTH, HEIGHT, COUNT = 64, 48, 10
RAW = ["-f", "rawvideo", "-pix_fmt", "rgba"]
PROFILE = f"""description=test
frame_rate_num=10
frame_rate_den=1
width={WIDTH}
height={HEIGHT}
progressive=1
sample_aspect_num=1
sample_aspect_den=1
display_aspect_num={WIDTH}
display_aspect_den={HEIGHT}
colorspace=601
"""


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


class Programs(FilterTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.weights(window=0, scale=30)
        cls.environment = {**os.environ, "FREI0R_PATH": str(PLUGIN.parent), "GST_REGISTRY": str(cls.directory / "gst"),
                           "XDG_RUNTIME_DIR": str(cls.directory), "SDL_VIDEODRIVER": "dummy"}
        cls.run_program(HOST, "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                        f"testsrc2=size={WIDTH}x{HEIGHT}:rate=10,format=rgba", "-frames:v", COUNT,
                        *RAW, "source.raw", "-frames:v", COUNT, "-c:v", "png", "source.avi")
        cls.run_program(HOST, "-v", "error", "-nostdin", *RAW, "-s", f"{WIDTH}x{HEIGHT}", "-r", 10, "-i", "source.raw",
                        "-vf", f"frei0r=deblur:auto|1|0.1|source|{cls.file}", *RAW, "expected.raw")
        cls.expected = (cls.directory / "expected.raw").read_bytes()

    @classmethod
    def run_program(cls, *command):
        run = subprocess.run(list(map(str, command)), cwd=cls.directory, env=cls.environment, capture_output=True,
                             text=True, errors="replace", timeout=120)
        assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"

    def test_the_correction_is_visible(self):
        self.assertNotEqual(self.expected, (self.directory / "source.raw").read_bytes())

    @needs("gst-launch-1.0")
    def test_gstreamer(self):
        self.run_program("gst-launch-1.0", "-q", "filesrc", "location=source.raw", "!", "rawvideoparse", "format=rgba",
                         f"width={WIDTH}", f"height={HEIGHT}", "framerate=10/1", "!", "frei0r-filter-deblur",
                         f"weights={self.file}", "!", "filesink", "location=gst.raw")
        self.assertEqual((self.directory / "gst.raw").read_bytes(), self.expected)

    @needs("melt")
    def test_melt(self):
        (self.directory / "profile").write_text(PROFILE)
        self.run_program("melt", "-silent", "-profile", self.directory / "profile", "source.avi", "-attach",
                         "frei0r.deblur", f"weights={self.file}", "-consumer", "avformat:melt.nut", "vcodec=rawvideo",
                         "pix_fmt=rgba", "mlt_image_format=rgba", "an=1", "real_time=-1")
        self.run_program(HOST, "-v", "error", "-nostdin", "-i", "melt.nut", *RAW, "melt.raw")
        restored = (self.directory / "melt.raw").read_bytes()
        self.assertEqual(len(restored), len(self.expected))
        self.assertEqual(restored, self.expected)


if __name__ == "__main__":
    unittest.main()
