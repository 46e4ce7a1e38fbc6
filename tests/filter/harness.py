# What the tests of the filter share: running ffmpeg, reading what it says, and weights to run with.
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

FFMPEG = os.environ["DEBLUR_FFMPEG"]
MAKE_WEIGHTS = os.environ["DEBLUR_MAKE_WEIGHTS"]

# Moving, colourful, 64x48 so that the network is quick, ten frames a second.
SOURCE = "testsrc2=size=64x48:rate=10"

# Pixel formats of every kind that the filter accepts; formats.c goes through all of them.
FORMATS = ("yuv420p yuv422p yuv444p yuv440p yuv411p yuvj420p nv12 nv24 gbrp rgb24 rgba 0bgr gray "
           "yuv420p10le yuv422p12be p010le gbrp16be rgba64le gray16le yuva444p10le grayf32le "
           "gbrapf32le").split()


needs_show = unittest.skipUnless("DEBLUR_GRAPH_PROGRAM" in os.environ, "there is no libavfilter.a beside this ffmpeg")


class FilterTest(unittest.TestCase):
    """Gives each class a directory, and weights in it that stand in for the installed ones."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="deblur-test-")
        cls.addClassCleanup(holder.cleanup)
        cls.directory = Path(holder.name)
        cls.models = []

    @classmethod
    def weights(cls, architecture="strcnn_dtb", window=1, **options):
        """The path of a file that deblur-make-weights writes."""
        options = dict(architecture=architecture, window=window, **options)
        name = "-".join(f"{key}-{value}" for key, value in options.items()).replace(",", "_")
        path = cls.directory / f"{name}.safetensors"
        if not path.exists():
            arguments = [f"--{key}={value}" for key, value in options.items()]
            subprocess.run([MAKE_WEIGHTS, str(path), *arguments], check=True)
        return path

    @classmethod
    def deblur(cls, weights=None, **options):
        """The filter's description, with a visible correction unless weights are given."""
        # One thread: these frames are small, and several tests may run at once.
        options = {"weights": weights or cls.weights(scale=30), "threads": 1, **options}
        return "deblur=" + ":".join(f"{key}={value}" for key, value in options.items())

    def ffmpeg(self, *arguments, fails=False, **environment):
        """Runs ffmpeg in the test's directory; returns what it wrote to stderr."""
        command = [FFMPEG, "-hide_banner", "-nostdin", "-y", *map(str, arguments)]
        run = subprocess.run(command, cwd=self.directory, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, errors="replace",
                             env={**os.environ, **environment})
        what = f"{' '.join(command)}\n{run.stderr}"
        self.assertGreaterEqual(run.returncode, 0, "killed by a signal: " + what)
        self.assertEqual(run.returncode != 0, fails, what)
        return run.stderr

    def graph_program(self, *arguments):
        """Runs the test's program (CMakeLists.txt); returns what it wrote to stdout."""
        command = [os.environ["DEBLUR_GRAPH_PROGRAM"], *map(str, arguments)]
        run = subprocess.run(command, cwd=self.directory, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
        self.assertEqual(run.returncode, 0, f"{' '.join(command)}\n{run.stdout}")
        return run.stdout

    def shown(self, graph):
        """What show.c tells of the frames that reach a graph's labelled outputs: for each label a list of texts."""
        frames = {}
        for line in self.graph_program(graph).splitlines():
            name, _, frame = line.partition(" ")
            frames.setdefault(name, []).append(frame)
        return frames

    def frames(self, graphs, *, source=SOURCE, input=None, count=30):
        """Runs filter chains side by side on the first frames of a source.

        graphs maps names to chains; input has ffmpeg's options for an input other than a source filter.
        Returns for each name a list of frames, each a tuple of pts, duration, size in bytes and MD5.
        """
        split = f"[0:v]trim=end_frame={count},split={len(graphs)}"
        heads = "".join(f"[in{i}]" for i in range(len(graphs)))
        chains = ";".join(f"[in{i}]{graph}[out{i}]" for i, graph in enumerate(graphs.values()))
        outputs = []
        for i in range(len(graphs)):
            outputs += ["-map", f"[out{i}]", "-fps_mode", "passthrough",
                        "-f", "framemd5", f"{i}.framemd5"]
        # Without automatic conversion, so that what is hashed is what the filter has written.
        input = input or ("-f", "lavfi", "-i", source)
        self.ffmpeg("-v", "warning", "-noauto_conversion_filters", *input,
                    "-filter_complex", f"{split}{heads};{chains}", *outputs)
        return {name: read_framemd5(self.directory / f"{i}.framemd5")
                for i, name in enumerate(graphs)}

    def model_directory(self, *entries):
        """A directory like the installed models/, with (name, window) entries."""
        directory = self.directory / "models"
        directory.mkdir(exist_ok=True)
        models = []
        for name, window in entries:
            path = self.weights(name, window, scale=30)
            (directory / path.name).write_bytes(path.read_bytes())
            models.append(dict(name=name, window=window, file=path.name, description="for tests"))
        index = dict(default=entries[0][0], models=models)
        (directory / "index.json").write_text(json.dumps(index))
        return directory


def read_framemd5(path):
    rows = [line.split(",") for line in path.read_text().splitlines() if not line.startswith("#")]
    return [(int(pts), int(duration), int(size), md5.strip())
            for _, _, pts, duration, size, md5 in rows]


def has_component(kind, name):
    """Whether ffmpeg was built with an encoder, muxer, ..."""
    run = subprocess.run([FFMPEG, "-v", "quiet", "-h", f"{kind}={name}"], capture_output=True,
                         text=True, check=True)
    return run.stdout.lstrip().lower().startswith(kind)


def has_cuda():
    """Whether ffmpeg was built with frames in GPU memory."""
    run = subprocess.run([FFMPEG, "-v", "quiet", "-hwaccels"], capture_output=True, text=True, check=True)
    return "cuda" in run.stdout.split()
