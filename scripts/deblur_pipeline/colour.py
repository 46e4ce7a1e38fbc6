"""Colour tags and HDR metadata of a video stream, as options of ffmpeg and of encoders."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from fractions import Fraction

MASTERING, LIGHT = "Mastering display metadata", "Content light level metadata"
AFD = "Active format description"
# By encoder: its option, what always belongs in it, mastering display, units of primaries and luminance, light level.
HDR_OPTIONS = {
    "libx265": ("-x265-params", ("hdr10=1", "repeat-headers=1"), "master-display", (50000, 10000), "max-cll"),
    "libsvtav1": ("-svtav1-params", (), "mastering-display", (1, 1), "content-light"),
}
DYNAMIC = ("HDR Dynamic Metadata SMPTE2094-40 (HDR10+)", "Dolby Vision RPU Data", "Dolby Vision Metadata")


def first_frame(ffmpeg, path, stream):
    """ffprobe's description of a stream's first frame; {} if there is none."""
    probed = ffmpeg.probe(path, "-select_streams", str(stream["index"]), "-read_intervals", "%+#1", "-show_frames")
    return next((f for f in probed.get("frames", []) if f.get("media_type") == "video"), {})


def side_data(description):
    """Side data of a stream or frame, by type."""
    return {item.get("side_data_type"): item for item in description.get("side_data_list", [])}


def depth(stream):
    """Bits of a sample, 8 to 16."""
    name = stream.get("pix_fmt", "")
    for bits in (16, 14, 12, 10, 9):
        if f"p{bits}" in name or name.endswith((f"{bits}le", f"{bits}be")) or f"p0{bits}" in name:
            return bits
    return 8


def conversion(stream, pixel_format):
    """Filters that bring a stream to a YUV pixel format: interlaced chroma by fields, RGB to BT.709."""
    if "rgb" in stream.get("pix_fmt", "") or "bgr" in stream["pix_fmt"] or "gbr" in stream["pix_fmt"]:
        return ["scale=out_color_matrix=bt709:out_range=tv", f"format={pixel_format}",
                "setparams=range=tv:colorspace=bt709"]
    return ["scale=interl=-1", f"format={pixel_format}"]


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
    """Encoder options, without stream specifiers, for static HDR metadata as first_frame() and streams have it."""
    display, light = data.get(MASTERING, {}), data.get(LIGHT)
    complete = "red_x" in display and "max_luminance" in display
    if encoder not in HDR_OPTIONS or not (complete or light):
        return []
    option, always, mastering, units, light_level = HDR_OPTIONS[encoder]
    values = list(always)
    if complete:
        values.append(f"{mastering}={mastering_display(display, *units)}")
    if light:
        values.append(f"{light_level}={light['max_content']},{light['max_average']}")
    return [option, ":".join(values)]
