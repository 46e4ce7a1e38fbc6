"""Files that are whole or not there: written under another name, locked against other runs, safe against links."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import contextlib
import fcntl
import os
import stat
from pathlib import Path

from .program import Error

NEW = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@contextlib.contextmanager
def whole_file(path):
    """A new, empty file beside path to write to; what is in it at the end, without an error, gets the name path.

    Its name is always the same, so a killed run leaves at most one file, which the next run removes. Other runs that
    want to write path are refused meanwhile. Raises Error where a name that is needed belongs to something else.
    """
    path = Path(path)
    part = part_of(path)
    with locked(path):
        remove_own(part)
        try:
            os.close(os.open(part, NEW | os.O_EXCL, 0o666))
        except OSError as error:
            raise Error(f"{path}: {error.strerror}") from None
        try:
            yield part
            sync(part)
            os.replace(part, path)
            sync(path.parent)
        finally:
            with contextlib.suppress(OSError):  # its folder may have vanished
                part.unlink(missing_ok=True)


def part_of(path):
    return path.with_name(f".{path.stem}.part{path.suffix}")


def lock_of(path):
    return path.with_name(f".{path.name}.lock")


@contextlib.contextmanager
def locked(path):
    """Holds a lock for path, in a file of its own: one that is renamed or removed would lock nothing any more."""
    name = lock_of(path)
    while True:
        try:
            lock = os.open(name, NEW, 0o600)
        except OSError as error:
            raise Error(f"{path}: {error.strerror}") from None
        try:
            require_own(name, os.fstat(lock))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Error(f"{path}: another run is writing it") from None
            # Its last owner may have removed the file between our two calls; then the name is another file, or none.
            if not same_file(name, lock):
                continue
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    name.unlink()
            return
        finally:
            os.close(lock)


def same_file(name, descriptor):
    try:
        return os.path.samestat(os.lstat(name), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def require_own(name, status):
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        raise Error(f"{name}: is not a file of ours; move it away")


def remove_own(name):
    """Removes what a killed run has left; raises Error if it is something else."""
    try:
        require_own(name, os.lstat(name))
    except FileNotFoundError:
        return
    name.unlink()


def write_whole(path, text):
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")


def sync(path):
    """Puts a file or folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
