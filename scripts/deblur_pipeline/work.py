"""The work folder of deblur-batch: its plan, its finished tasks, and nothing of anybody else."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import contextlib
import json
import re
import sys
from pathlib import Path

from .files import lock_of, locked, write_whole
from .program import Error

PLAN = "plan.json"
KIND = "deblur-batch plan"
OWN = re.compile(r"\d{5}-\d{5}\.\w+|\d{5}\.done|segments\.txt|plan\.json|run|slurm-\d+-\d+\.log")


class Work:
    """A folder that is made for a plan, or has one already. Raises Error if there is anything else in it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.path = self.folder / PLAN
        if self.folder.is_dir():
            others = [p.name for p in self.folder.iterdir()]
            if others and not self.path.exists() and not all(map(is_own, others)):
                raise Error(f"{folder}: is there already and no work folder of deblur-batch; name another with --work")
        elif self.folder.exists():
            raise Error(f"{folder}: is no folder")

    def read(self):
        """The plan; None if there is none yet."""
        try:
            plan = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise Error(f"{self.path}: cannot be read ({error}); remove it, and segments are planned anew") from None
        if not isinstance(plan, dict) or plan.get("kind") != KIND or not {"settings", "tasks", "force", "made"} <= set(plan):
            raise Error(f"{self.path}: is no plan of this deblur-batch; name another folder with --work")
        return plan

    def write(self, plan):
        write_whole(self.path, json.dumps(dict(plan, kind=KIND), indent=1))

    @contextlib.contextmanager
    def held(self):
        """Makes the folder, and holds it against other runs."""
        made = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "run"):
            yield made

    def file(self, task):
        return self.folder / task["file"]

    def done(self, video):
        """What is there when a video's output has been written."""
        return self.folder / f"{video:05}.done"

    def clear(self):
        """Removes what deblur-batch has put there, the plan last; nothing else."""
        for path in sorted(self.folder.iterdir(), key=lambda p: p.name == PLAN):
            if is_own(path.name) and not path.is_dir() and path != lock_of(self.folder / "run"):
                path.unlink(missing_ok=True)

    def remove(self, made):
        """Removes the folder if it is empty, and was made for this work."""
        if any(self.folder.iterdir()):
            print(f"{self.folder}: kept, for there are other files in it", file=sys.stderr)
        elif made:
            self.folder.rmdir()


def is_own(name):
    """Whether deblur-batch gives this name to files: its own, and their part and lock files."""
    found = re.fullmatch(r"\.(.+)\.part(\.\w+)", name)
    if found:
        return bool(OWN.fullmatch(found[1] + found[2]))
    found = re.fullmatch(r"\.(.+)\.lock", name)
    return bool(OWN.fullmatch(found[1] if found else name))
