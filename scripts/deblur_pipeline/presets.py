"""Presets of deblur-transcode and deblur-batch: what becomes of the deblurred video and of what is beside it."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from dataclasses import dataclass, field

from . import colour
from .ffmpeg import Error, is_interlaced, videos
from .streams import Mapping


@dataclass
class Preset:
    about: str
    suffix: str
    container: str
    encoder: str
    options: list
    # Pixel formats for sources of 8 bits and for deeper ones; None: the source's own.
    formats: tuple = None
    profiles: tuple = ()  # the encoder's profile, likewise
    web: bool = False  # for players, which show frames only
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


def arguments(ffmpeg, source, probed, preset):
    """ffmpeg's arguments without the output's name, and notes for the user."""
    if not videos(probed):
        raise Error(f"{source}: no video in it")
    mapping = Mapping(probed, preset.container)
    notes = mapping.notes
    encoding = []
    for output, stream in zip(mapping.videos, videos(probed)):
        filters, options = encode(ffmpeg, source, stream, preset, notes)
        encoding += [f"-filter:{output}", ",".join([ffmpeg.filter, *filters])]
        for option, value in zip(options[::2], options[1::2]):
            encoding += [f"{option}:{output}", value]
    return (["-i", source.absolute(), *mapping.options, *encoding, "-fps_mode", "passthrough",
             *metadata_flags(probed, preset)], notes)


def encode(ffmpeg, source, stream, preset, notes):
    """Filters after deblur and encoder options, without stream specifiers, for one video stream."""
    deep = colour.depth(stream) > 8
    filters, options = [], ["-c", preset.encoder, *preset.options]
    interlaced = is_interlaced(stream)
    if interlaced and preset.web:
        filters.append("bwdif=mode=send_frame:deint=interlaced")
        notes.append("interlaced: fields are deblurred, then joined to progressive frames (bwdif)")
    elif interlaced and preset.encoder == "dnxhd":
        raise Error(f"{source}: interlaced, which FFmpeg cannot encode as DNxHR; use --preset prores")
    elif interlaced and preset.formats:
        options += ["-flags", "+ildct"]
    if preset.formats:
        filters += colour.conversion(stream, preset.formats[deep])
    if preset.profiles:
        options += ["-profile", preset.profiles[deep]]
    # The source's clock, so that times stay exact. Releases before 6.1 call it -1.
    options += ["-enc_time_base", "-1" if ffmpeg.version < (6, 1) else "demux"]

    frame = colour.side_data(colour.first_frame(ffmpeg, source, stream))
    data = colour.side_data(stream) | frame
    options += colour.hdr_options(preset.encoder, data)
    if stream.get("color_transfer") in ("smpte2084", "arib-std-b67") and preset.formats == ("yuv420p", "yuv420p"):
        notes.append("HDR in 8 bits shows steps; better use web-hevc or web-av1")
    lost = [name for name in colour.DYNAMIC if name in data]
    if (colour.MASTERING in frame and colour.MASTERING not in colour.side_data(stream) and ffmpeg.version < (7, 1)
            and preset.encoder not in ("libx265", "libsvtav1")):
        lost.append(f"{colour.MASTERING} (FFmpeg 7.1 would keep it)")
    if lost:
        notes.append(f"left out: {', '.join(lost)}")
    return filters, options


def metadata_flags(probed, preset):
    """MOV and MP4 keep names such as com.apple.quicktime.* only in a list of their own."""
    own = any("." in key for key in probed["format"].get("tags", {}))
    flags = list(preset.muxer)
    if own and preset.container in ("mp4", "mov"):
        flags = ["-movflags", "+".join([flags[1] if flags else "", "use_metadata_tags"])]
    return flags
