#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the SHA-256 of each weights file into models/index.json, which the library compares when it loads one.

To be run after weights were exchanged. --check writes nothing, and fails if a sum is missing or wrong."""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parents[1] / "models",
                        help="with index.json and the files that it lists [models/ of this repository]")
    arguments = parser.parse_args()
    path = arguments.folder / "index.json"
    index = json.loads(path.read_text())
    wrong = []
    for model in index["models"]:
        sha256 = hashlib.sha256((arguments.folder / model["file"]).read_bytes()).hexdigest()
        if model.get("sha256") != sha256:
            wrong.append(model["file"])
        model["sha256"] = sha256
    if arguments.check:
        if wrong:
            sys.exit(f"{path}: the SHA-256 must be that of the file (got another for {', '.join(wrong)})")
        return
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(json.dumps(index, indent=4, ensure_ascii=False) + "\n")
    new.replace(path)


if __name__ == "__main__":
    main()
