# packaging/debian fits the rest of the repository. (Making the packages takes long: scripts/build-deb.sh does.)
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["DEBLUR_SOURCE"])
DEBIAN = SOURCE / "packaging" / "debian"

# What no package of Debian could use: it has neither CUDA in main nor VapourSynth.
NOT_PACKAGED = ("engine-cuda.so", "libvsdeblur.so")


class Debian(unittest.TestCase):
    def test_version(self):
        changelog = subprocess.run(["dpkg-parsechangelog", "-l", str(DEBIAN / "changelog"), "-S", "Version"],
                                   capture_output=True, text=True, check=True)
        self.assertEqual(changelog.stdout.strip().rsplit("-", 1)[0], os.environ["DEBLUR_VERSION"])

    def test_every_list_of_files_belongs_to_a_package(self):
        packages = re.findall(r"^Package: (\S+)$", (DEBIAN / "control").read_text(), re.MULTILINE)
        lists = {path.name.split(".")[0] for kind in ("install", "links", "symbols", "manpages", "lintian-overrides")
                 for path in DEBIAN.glob(f"*.{kind}")}
        self.assertEqual(set(packages), lists)

    def test_every_installed_file_is_in_one_package(self):
        with tempfile.TemporaryDirectory(prefix="deblur-test-") as prefix:
            subprocess.run([os.environ["CMAKE_COMMAND"], "--install", os.environ["DEBLUR_BUILD"], "--prefix", prefix],
                           stdout=subprocess.DEVNULL, check=True)
            installed = {path for path in Path(prefix).rglob("*") if path.is_file()}
            owners = {path: [] for path in installed if path.name not in NOT_PACKAGED}
            for listing in DEBIAN.glob("*.install"):
                for pattern in listing.read_text().split():
                    # Outside of /usr, libraries have no folder for the architecture.
                    found = [path for form in {pattern, pattern.replace("lib/*/", "lib/")}
                             for path in Path(prefix).glob(form.removeprefix("usr/"))]
                    if not found and "frei0r" in pattern and os.environ["DEBLUR_FREI0R"] == "0":
                        continue
                    self.assertTrue(found, f"{listing.name}: nothing is {pattern}")
                    for path in owners:
                        if any(path.is_relative_to(f) for f in found):
                            owners[path].append(listing.name)
            wrong = {str(path): names for path, names in owners.items() if len(names) != 1}
            self.assertEqual(wrong, {})

    def test_symbols(self):
        declared = re.findall(r"^ ([\w.]+)@", (DEBIAN / "libdeblur0.symbols").read_text(), re.MULTILINE)
        exported = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=just-symbols",
                                   os.environ["DEBLUR_LIBRARY"]], capture_output=True, text=True, check=True)
        names = {symbol.split("@")[0] for symbol in exported.stdout.split()} # behind "@" is the version node
        self.assertEqual(sorted(declared), sorted(names))

    def test_build_dependencies_are_those_of_the_scripts(self):
        control = (DEBIAN / "control").read_text()
        common = (SOURCE / "scripts" / "common.sh").read_text()
        packages = " ".join(re.findall(r"^(?:library|tool)_packages=\((.*?)\)", common, re.MULTILINE | re.DOTALL)).split()
        for package in set(packages) - {"build-essential", "git"}:
            self.assertRegex(control, rf"(?m)^(Build-Depends:)? +{re.escape(package)},$")


if __name__ == "__main__":
    unittest.main()
