"""Which videos a command is about, and where each one's output goes."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

from .program import Error

MARK = "-deblurred"


def without_outputs(inputs):
    """The videos without those that are outputs of such a command themselves, as a shell's * gives them the next time."""
    if len(inputs) == 1:
        return inputs
    for path in inputs:
        if path.stem.endswith(MARK):
            print(f"{path}: is an output already, and left out; to deblur it again, name it alone", file=sys.stderr)
    return [path for path in inputs if not path.stem.endswith(MARK)]


def outputs(inputs, wanted, preset, several=False):
    """For each input its output: beside it, in the folder wanted, or, of a single one unless several, the file wanted."""
    found = [output(path, wanted, preset, several or len(inputs) > 1) for path in inputs]
    if len(set(found)) < len(found):
        raise Error("two of the videos have the same name: give them different --output folders")
    return found


def output(path, wanted, preset, several):
    name = f"{path.stem}{MARK}{preset.suffix}"
    if wanted is None:
        return path.with_name(name)
    if several or wanted.is_dir():
        return wanted / name
    if wanted.suffix.lower() != preset.suffix:
        raise Error(f"{wanted}: this preset writes {preset.suffix}")
    return wanted
