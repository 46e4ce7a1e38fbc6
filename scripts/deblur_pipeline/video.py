"""What is to be known of a video stream before it is restored: what its container tells, and what only frames tell."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import contextlib
from dataclasses import dataclass
from fractions import Fraction

from . import pixels
from .program import Error

SAMPLE = 24  # frames that are looked at in each place
UNKNOWN = ("", "unknown", "unspecified", "reserved", None)


@dataclass
class Video:
    """A stream that is restored. stream and frames are ffprobe's."""

    stream: dict
    frames: list

    @property
    def index(self):
        return self.stream["index"]

    def get(self, key, stream_key=None):
        """A property of the first frame, else of the stream; None if neither tells it."""
        value = self.frames[0].get(key) if self.frames else None
        return self.stream.get(stream_key or key) if value in UNKNOWN else value

    @property
    def size(self):
        """Width and height, before a display matrix turns it."""
        return self.get("width"), self.get("height")

    @property
    def shown_size(self):
        return self.size[::-1] if self.rotation % 180 else self.size

    @property
    def format(self):
        return self.get("pix_fmt")

    @property
    def pixels(self):
        return pixels.describe(self.format)

    @property
    def depth(self):
        return self.pixels.depth if self.pixels else 8

    @property
    def full_range(self):
        return bool(self.pixels and self.pixels.full) or self.get("color_range") in ("pc", "full", "jpeg")

    @property
    def interlaced(self):
        """Whether any frame that was looked at holds two fields, or the container says so of all."""
        return declared_interlaced(self.stream) or any(f.get("interlaced_frame") for f in self.frames)

    @property
    def rotation(self):
        """Degrees, 0 to 359, by which players, and ffmpeg, turn the pictures."""
        turned = side_data(self.stream).get("Display Matrix", {}).get("rotation", 0)
        try:
            return round(float(turned)) % 360
        except ValueError:
            return 0

    @property
    def side_data(self):
        """By type: of all frames that were looked at, and of the stream."""
        found = side_data(self.stream)
        for frame in reversed(self.frames):
            found.update(side_data(frame))
        return found

    def tags(self):
        """Colour tags as options of ffmpeg, without stream specifiers; those that are unknown are missing."""
        names = (("color_range", "color_range"), ("color_space", "colorspace"), ("color_primaries", "color_primaries"),
                 ("color_transfer", "color_trc"), ("chroma_location", "chroma_sample_location"))
        return {option: value for key, option in names if (value := self.get(key)) not in UNKNOWN}


def look(ffmpeg, path, probed, stream):
    """Video of a stream: frames at its beginning and, of a longer one, in its middle."""
    places = [f"%+#{SAMPLE}"]
    length = seconds(stream.get("duration")) or seconds(probed["format"].get("duration"))
    if length > 4:
        middle = seconds(probed["format"].get("start_time")) + length / 2
        places.append(f"{middle:.3f}%+#{SAMPLE}")
    frames = []
    for place in places:
        with contextlib.suppress(Error):  # not every file can be read from its middle, or at all
            found = ffmpeg.probe(path, "-select_streams", str(stream["index"]), "-read_intervals", place, "-show_frames")
            frames += [f for f in found.get("frames", []) if f.get("media_type") == "video"]
    return Video(stream, frames)


def side_data(description):
    """Side data of a stream or frame, by type."""
    return {item.get("side_data_type"): item for item in description.get("side_data_list", [])}


def seconds(text):
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def rate(stream):
    """Frames per second, as a Fraction; 0 if unknown."""
    for key in ("avg_frame_rate", "r_frame_rate"):  # the first is unknown of very short MXF files
        numerator, _, denominator = stream.get(key, "0/0").partition("/")
        if int(numerator) and int(denominator or 0):
            return Fraction(int(numerator), int(denominator))
    return Fraction(0)


def is_picture(stream):
    """Whether a video stream is a cover or thumbnails rather than video."""
    return any(stream["disposition"].get(key) for key in ("attached_pic", "timed_thumbnails"))


def is_decodable(stream):
    return stream.get("pix_fmt", "unknown") not in UNKNOWN and bool(stream.get("width"))


def videos(probed):
    """The streams to restore."""
    return [s for s in probed["streams"] if s["codec_type"] == "video" and not is_picture(s) and is_decodable(s)]


def frame_count(probed, stream):
    """How many frames a stream probably has; 0 if unknown. For progress only."""
    if stream.get("nb_frames", "").isdigit():
        return int(stream["nb_frames"])
    return int(Fraction(seconds(stream.get("duration")) or seconds(probed["format"].get("duration"))) * rate(stream))


def declared_interlaced(stream):
    return stream.get("field_order") in ("tt", "bb", "tb", "bt")
