"""What the scripts have in common as programs: options, errors of one line, and paths as users type them."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import argparse
import os
import signal
import sys
from pathlib import Path


class Error(Exception):
    """A failure that the user can understand: one line."""


def main(script):
    """Runs a script's main function; errors become one line and exit status 1."""
    # A terminated script must end its ffmpeg and remove what is half written, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    name = Path(sys.argv[0]).name
    try:
        sys.exit(script())
    except Error as error:
        sys.exit(f"{name}: {error}")
    except OSError as error:  # a full disk, a folder that has vanished
        sys.exit(f"{name}: {error.filename or 'system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(130)


def parser(description, **options):
    return argparse.ArgumentParser(description=description, **options,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)


def add_common_options(parser):
    parser.add_argument("--deblur", metavar="OPTIONS", default="",
                        help="options of the filter, such as model=strcnn_dtb_fast:resolution=1280x720:strength=0.8")
    parser.add_argument("--ffmpeg", metavar="PROGRAM",
                        help="an ffmpeg with the deblur filter, ffprobe beside it [$DEBLUR_FFMPEG, else ffmpeg-deblur, "
                             "else this repository's build, else ffmpeg]")
    parser.add_argument("--dry-run", action="store_true", help="print what would be run, and do nothing")
    parser.add_argument("--force", action="store_true", help="write outputs again that are there already")


def parse(parser):
    """The arguments. A file whose name begins with a dash, as a shell's * gives it, is not taken for an option."""
    options = {name for action in parser._actions for name in action.option_strings}
    return parser.parse_args([
        f"./{word}" if word.startswith("-") and word.partition("=")[0] not in options and os.path.lexists(word) else word
        for word in sys.argv[1:]])


def check_source(path):
    """Raises Error unless path is a file that can be read more than once."""
    path = Path(path)
    if path.is_file():
        return
    if path.is_dir():
        raise Error(f"{path}: is a folder; name the videos in it")
    if path.exists():
        raise Error(f"{path}: is no regular file, and a video is read more than once; copy it to a file first")
    if ":/" in str(path):
        raise Error(f"{path}: is a URL; download it first")
    raise Error(f"{path}: no such file")


def check_target(path, sources):
    """Raises Error if writing path would destroy one of the sources, under whatever name, or cannot succeed."""
    path = Path(path)
    if path.is_dir():
        raise Error(f"{path}: is a folder")
    for source in sources:
        if path.exists() and Path(source).exists() and os.path.samefile(path, source):
            raise Error(f"{path}: is the source {source} itself; name another output")


def tell(source, notes):
    """Shows what becomes of a source that its user may not expect, a line each."""
    for note in notes:
        print(f"{source}: {note}", file=sys.stderr)


def time(text):
    """Seconds from a number or from [hours:]minutes:seconds, as the type of an option."""
    try:
        parts = [float(part) for part in text.split(":")]
        value = sum(part * 60 ** place for place, part in enumerate(reversed(parts)))
    except ValueError:
        value = -1
    if not 0 <= value < 1e7 or len(text.split(":")) > 3:
        raise argparse.ArgumentTypeError(f"must be seconds or hours:minutes:seconds (got {text})")
    return value
