"""How a path is handed to FFmpeg, so that no name is taken for a protocol, an option or a pattern."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import os

# Names that FFmpeg's image demuxer takes, in which % would begin a pattern.
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".jp2", ".j2k", ".dpx", ".exr", ".tga", ".pgm",
            ".ppm", ".pbm", ".pam", ".sgi", ".pcx", ".jxl", ".qoi", ".hdr", ".xwd", ".xbm", ".xpm")


def url(path):
    """A path as FFmpeg's protocol file takes it: everything after the colon is the name."""
    return f"file:{os.path.abspath(path)}"


def demuxer_options(path):
    """Options that an input needs before its name."""
    name = str(path).lower()
    return ["-f", "image2", "-pattern_type", "none"] if "%" in name and name.endswith(PICTURES) else []


def source(path):
    """An input of ffmpeg or ffprobe."""
    return [*demuxer_options(path), "-i", url(path)]


def filter_value(text):
    """Text as the value of a filter's option within a filter graph: escaped once for either level."""
    for special in ("\\':", "\\'[],;"):
        text = "".join("\\" + c if c in special else c for c in text)
    return text
