"""Presets of deblur-transcode and deblur-batch: what becomes of the deblurred video and of what is beside it."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import dataclasses
import shlex
from dataclasses import dataclass, field

from . import colour, paths, pixels, sidedata, video
from .container import Mapping
from .program import Error


@dataclass
class Preset:
    about: str
    suffix: str
    container: str
    encoder: str
    options: list
    # Pixel formats for sources of 8 bits and for deeper ones; None: the source's own, without loss.
    formats: tuple = None
    profiles: tuple = ()  # the encoder's profile, likewise
    web: bool = False  # for players, which show frames only; full range is told
    muxer: list = field(default_factory=list)


MP4 = ["-movflags", "+faststart"]
PRESETS = {
    "web-h264": Preset("H.264 in MP4, 8 bits, plays everywhere", ".mp4", "mp4", "libx264",
                       ["-preset", "slow", "-crf", "18"], ("yuv420p", "yuv420p"), web=True, muxer=MP4),
    "web-hevc": Preset("HEVC in MP4, 8 or 10 bits, HDR", ".mp4", "mp4", "libx265",
                       ["-preset", "medium", "-crf", "20", "-tag", "hvc1"], ("yuv420p", "yuv420p10le"), web=True,
                       muxer=MP4),
    "web-av1": Preset("AV1 in MP4, 8 or 10 bits, HDR", ".mp4", "mp4", "libsvtav1",
                      ["-preset", "6", "-crf", "26"], ("yuv420p", "yuv420p10le"), web=True, muxer=MP4),
    "archive": Preset("FFV1 in Matroska, lossless, at the source's depth", ".mkv", "matroska", "ffv1",
                      ["-level", "3", "-g", "1", "-slices", "4", "-slicecrc", "1"]),
    "prores": Preset("ProRes 422 HQ in MOV, 10 bits", ".mov", "mov", "prores_ks",
                     ["-profile", "hq", "-vendor", "apl0"], ("yuv422p10le", "yuv422p10le")),
    "dnxhr": Preset("DNxHR HQ (8 bits) or HQX (10 bits) in MOV", ".mov", "mov", "dnxhd", [],
                    ("yuv422p", "yuv422p10le"), ("dnxhr_hq", "dnxhr_hqx")),
}


def describe():
    return "\n".join(f"  {name:<10}{preset.about}" for name, preset in PRESETS.items())


def add_options(parser):
    parser.add_argument("--preset", choices=PRESETS, default="web-h264", metavar="NAME", help="[web-h264]")
    parser.add_argument("--crf", type=float, metavar="N", help="quality, lower is better and larger [the preset's]")
    parser.add_argument("--encoder-options", default="", metavar="OPTIONS",
                        help="more options of the encoder, in one word, such as --encoder-options='-preset fast -tune grain'")


def adjusted(name, crf=None, encoder_options=""):
    """A preset with what the user wants of its encoder. Raises Error where that cannot be."""
    preset = PRESETS[name]
    options = list(preset.options)
    if crf is not None:
        if "-crf" not in options:
            raise Error(f"--crf: preset {name} has no such quality; use --encoder-options")
        options[options.index("-crf") + 1] = f"{crf:g}"
    words = shlex.split(encoder_options)
    if len(words) % 2 or any(not w.startswith("-") or ":" in w for w in words[::2]):
        raise Error("--encoder-options must be pairs of an option and its value, such as '-preset fast -tune grain' "
                    f"(got {encoder_options})")
    return dataclasses.replace(preset, options=merged(options, words))


def merged(options, more):
    """Options of which later ones hold, but for lists of parameters, which are joined."""
    found = dict(zip(options[::2], options[1::2]))
    for option, value in zip(more[::2], more[1::2]):
        found[option] = f"{found[option]}:{value}" if option.endswith("-params") and option in found else value
    return [word for pair in found.items() for word in pair]


@dataclass
class Encoding:
    """How one video stream is restored and encoded: filters of a graph, options without stream specifiers."""

    filters: list
    options: list
    tags: dict  # colour tags of the result, as options
    notes: list


def arguments(ffmpeg, source, probed, preset, part_of=()):
    """ffmpeg's arguments without the output's name, the Mapping, and notes for the user. part_of: -ss and -t."""
    mapping, encodings = prepare(ffmpeg, source, probed, preset)
    encoding = []
    for output, e in zip(mapping.videos, encodings):
        encoding += [f"-filter:{output}", ",".join(e.filters)]
        for option, value in zip(e.options[::2], e.options[1::2]):
            encoding += [f"{option}:{output}", value]
    notes = [*mapping.notes, *(note for e in encodings for note in e.notes)]
    return ([*part_of, *input_options(encodings), *paths.source(source), *mapping.options, *encoding, "-fps_mode", "passthrough",
             *metadata_flags(probed, preset), "-f", preset.container], mapping, notes)


def prepare(ffmpeg, source, probed, preset):
    """The Mapping of a source, and an Encoding for each of its videos."""
    streams = video.videos(probed)
    if not streams:
        some = any(s["codec_type"] == "video" for s in probed["streams"])
        raise Error(f"{source}: " + ("its video is of a kind that this ffmpeg cannot decode" if some else "no video in it"))
    looked = [video.look(ffmpeg, source, probed, stream) for stream in streams]
    encodings = [encode(ffmpeg, source, v, preset) for v in looked]
    return Mapping(ffmpeg, source, probed, preset.container), encodings


def input_options(encodings):
    """Graphs that are built anew in mid-stream lose frames: where filters hold the size, that is not needed."""
    return ["-reinit_filter", "0"] if all(e.filters[0].startswith("scale=") for e in encodings) else []


def encode(ffmpeg, source, looked, preset):
    """The Encoding of a video.Video."""
    deep = looked.depth > 8
    options, notes = ["-c", preset.encoder, *preset.options], []
    choices = None if preset.formats else pixels.of_encoder(ffmpeg.help("encoder", preset.encoder))
    filters, form, said = colour.before(looked, choices)
    notes += said
    filters.append(ffmpeg.filter)
    tags = looked.tags()
    if looked.rotation:
        notes.append(f"turned upright by {looked.rotation} degrees, as players show it")
    if looked.interlaced and preset.web:
        filters.append("bwdif=mode=send_frame:deint=interlaced")
        notes.append("interlaced: fields are deblurred, then joined to progressive frames (bwdif)")
    elif looked.interlaced and preset.encoder == "dnxhd":
        raise Error(f"{source}: interlaced, which FFmpeg cannot encode as DNxHR; use --preset prores")
    elif preset.encoder == "dnxhd" and (looked.shown_size[0] < 256 or looked.shown_size[1] < 120):
        raise Error("{}: {}x{}, and DNxHR begins at 256x120; use --preset prores".format(source, *looked.shown_size))
    elif looked.interlaced and preset.formats:
        options += ["-flags", "+ildct"]
    if preset.formats:
        target = preset.formats[deep]
        padding, said = even_size(looked, target)
        more, tags, lost = colour.after(looked, target, keeps_full_range=preset.web)
        filters += [*padding, *more]
        notes += [*said, *lost]
    if preset.profiles:
        options += ["-profile", preset.profiles[deep]]
    # The source's clock, so that times stay exact. Releases before 6.1 call it -1.
    options += ["-enc_time_base", "-1" if ffmpeg.version < (6, 1) else "demux"]
    options = merged(sidedata.options(ffmpeg, looked, preset.encoder), options)
    if looked.get("color_transfer") in ("smpte2084", "arib-std-b67") and preset.formats == ("yuv420p", "yuv420p"):
        notes.append("HDR in 8 bits shows steps; better use web-hevc or web-av1")
    if lost := sidedata.lost(ffmpeg, looked, preset.encoder):
        notes.append(f"left out: {', '.join(lost)}")
    return Encoding(filters, options, tags, notes)


def even_size(looked, target):
    """Filters and a note for a picture whose size the chroma of a pixel format does not divide: the edge is repeated."""
    chroma = pixels.describe(target).chroma
    width, height = looked.shown_size
    right, bottom = width % 2 * (chroma != "444"), height % 2 * (chroma == "420")
    if not right and not bottom:
        return [], []
    return ([f"pad={width + right}:{height + bottom}", f"fillborders=right={right}:bottom={bottom}:mode=smear"],
            [f"{width}x{height} becomes {width + right}x{height + bottom}, its edge repeated: {target} has even sizes"])


def metadata_flags(probed, preset):
    """MOV and MP4 keep names such as com.apple.quicktime.* only in a list of their own."""
    own = any("." in key for key in probed["format"]["tags"])
    flags = list(preset.muxer)
    if own and preset.container in ("mp4", "mov"):
        flags = ["-movflags", "+".join([flags[1] if flags else "", "use_metadata_tags"])]
    return flags
