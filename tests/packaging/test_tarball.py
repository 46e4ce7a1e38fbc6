# CPack's tarball works wherever it is unpacked: library, engine, models, pkg-config, CMake and plugin.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

CONSUMER = Path(__file__).parent / "consumer"
CLEAN = {name: value for name, value in os.environ.items() if name not in ("DEBLUR_MODELS", "DEBLUR_ENGINE")}


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**CLEAN, **{name: str(value) for name, value in environment.items()}})
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


class Tarball(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="deblur-test-")
        cls.addClassCleanup(holder.cleanup)
        cls.directory = Path(holder.name)
        run(os.environ["CPACK_COMMAND"], "-G", "TGZ", "--config", f"{os.environ['DEBLUR_BUILD']}/CPackConfig.cmake",
            "-B", cls.directory)
        archive, = cls.directory.glob("libdeblur-*.tar.gz")
        run("tar", "-C", cls.directory, "-xzf", archive)
        unpacked = cls.directory / archive.name.removesuffix(".tar.gz")
        # Not where CPack or the build know it.
        cls.prefix = cls.directory / "elsewhere" / "deblur"
        cls.prefix.parent.mkdir()
        shutil.move(unpacked, cls.prefix)
        cls.pc, = cls.prefix.rglob("libdeblur.pc")
        cls.lib = cls.pc.parent.parent

    def check(self, program):
        log = program.with_suffix(".log")
        models = run(program, LD_LIBRARY_PATH=self.lib, LD_DEBUG="files", LD_DEBUG_OUTPUT=log).splitlines()
        self.assertTrue(models)
        for model in models:
            self.assertTrue(Path(model).is_relative_to(self.prefix), model)
        loaded, = log.parent.glob(f"{log.name}.*") # with the process's number
        engine, = self.prefix.rglob("engine-cpu.so")
        self.assertIn(f"calling init: {engine}\n", loaded.read_text())

    def test_pkg_config(self):
        flags = run("pkg-config", "--cflags", "--libs", "libdeblur", PKG_CONFIG_PATH=self.pc.parent).split()
        program = self.directory / "with-pkg-config"
        run(os.environ["CC"], CONSUMER / "consumer.c", "-o", program, *flags)
        self.assertEqual(run("pkg-config", "--modversion", "libdeblur", PKG_CONFIG_PATH=self.pc.parent).strip(),
                         os.environ["DEBLUR_VERSION"])
        self.check(program)

    def test_cmake(self):
        build = self.directory / "with-cmake"
        run(os.environ["CMAKE_COMMAND"], "-S", CONSUMER, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run(os.environ["CMAKE_COMMAND"], "--build", build)
        self.check(build / "consumer")

    def test_programs_and_plugins_find_their_libraries(self):
        programs = [path for path in self.prefix.glob("bin/*") if path.read_bytes().startswith(b"\x7fELF")]
        files = [*programs, *self.prefix.rglob("frei0r-1/*.so"), *self.lib.glob("libdeblur.so")]
        self.assertGreater(len(files), 1)
        for file in files:
            libraries = run("ldd", file)
            self.assertNotIn("not found", libraries, file)
            self.assertNotIn(os.environ["DEBLUR_BUILD"], libraries, file)


if __name__ == "__main__":
    unittest.main()
