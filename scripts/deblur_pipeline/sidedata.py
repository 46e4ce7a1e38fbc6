"""What travels beside the samples of frames, captions and HDR metadata above all, and which encoder writes it."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from fractions import Fraction

from .video import side_data

MASTERING, LIGHT = "Mastering display metadata", "Content light level metadata"
CAPTIONS, AFD = "ATSC A53 Part 4 Closed Captions", "Active format description"
USER_DATA = "H.26[45] User Data Unregistered SEI message"
# By encoder: its option, what always belongs in it, mastering display, units of primaries and luminance, light level.
HDR_OPTIONS = {
    "libx265": ("-x265-params", ("hdr10=1", "repeat-headers=1"), "master-display", (50000, 10000), "max-cll"),
    "libsvtav1": ("-svtav1-params", (), "mastering-display", (1, 1), "content-light"),
}
# What encoders write if they have the option, which not all have on by default.
OPTIONS = {CAPTIONS: "a53cc", USER_DATA: "udu_sei"}
# What needs no word: it describes the source's own coding, or is handled elsewhere.
SILENT = {"Display Matrix", "3x3 displaymatrix", "CPB properties", "Skip Samples", "GOP timecode", "Encoding video parameters",
          "Motion vectors", "Quantization table", "QP table data", "QP table properties", "AVMatrixEncoding", "Replay gain",
          "Video encoding parameters", "Metadata relevant to a downmix procedure", "AV1 Film Grain Parameters", "PanScan",
          "AVPanScan", "Film grain parameters", "View ID", "IAMF", "H.26[45] User Data Unregistered SEI message", "unknown", None}
# What containers carry with the stream, whatever encodes it.
CONTAINED = {"Stereo 3D", "Spherical Mapping", MASTERING, LIGHT}


def options(ffmpeg, video, encoder):
    """Encoder options, without stream specifiers, for what a video carries."""
    data, text = video.side_data, ffmpeg.help("encoder", encoder)
    found = hdr_options(encoder, data)
    for kind, name in OPTIONS.items():
        if kind in data and f"-{name} " in text:
            found += [f"-{name}", "1"]
    return found


def lost(ffmpeg, video, encoder):
    """Names of what a video carries and an encoder does not write, as far as frames at the beginning and middle tell."""
    data, text = video.side_data, ffmpeg.help("encoder", encoder)
    written = {kind for kind, name in OPTIONS.items() if f"-{name} " in text}
    if hdr_options(encoder, data) or ffmpeg.version >= (7, 1):
        written |= {MASTERING, LIGHT}
    contained = CONTAINED & set(side_data(video.stream))
    names = {CAPTIONS: "captions (A53)", MASTERING: f"{MASTERING} (FFmpeg 7.1 would keep it)",
             LIGHT: f"{LIGHT} (FFmpeg 7.1 would keep it)"}
    return sorted(names.get(kind, kind) for kind in set(data) - SILENT - written - contained)


def mastering_display(data, primaries_unit, luminance_unit):
    """SMPTE ST 2086 in the units of an encoder's option."""
    def number(key, unit):
        value = Fraction(data[key]) * unit
        return round(value) if unit > 1 else f"{float(value):.4f}"

    values = {f"{colour}{axis}": number(f"{key}_{axis}", primaries_unit) for axis in "xy"
              for colour, key in dict(G="green", B="blue", R="red", W="white_point").items()}
    values |= dict(max=number("max_luminance", luminance_unit), min=number("min_luminance", luminance_unit))
    return "G({Gx},{Gy})B({Bx},{By})R({Rx},{Ry})WP({Wx},{Wy})L({max},{min})".format(**values)


def hdr_options(encoder, data):
    """Encoder options, without stream specifiers, for static HDR metadata of side data by type."""
    display, light = data.get(MASTERING, {}), data.get(LIGHT)
    complete = "red_x" in display and "max_luminance" in display
    if encoder not in HDR_OPTIONS or not (complete or light):
        return []
    option, always, mastering, units, light_level = HDR_OPTIONS[encoder]
    values = list(always)
    if complete:
        values.append(f"{mastering}={mastering_display(display, *units)}")
    if light:
        values.append(f"{light_level}={light.get('max_content', 0)},{light.get('max_average', 0)}")
    return [option, ":".join(values)]
