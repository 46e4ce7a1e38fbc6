"""Formats of deblur-broadcast: what each demands of the picture, and how FFmpeg is told to write it."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from dataclasses import dataclass
from fractions import Fraction

from . import colour, paths, sidedata
from .container import Mapping
from .program import Error
from .video import look, rate, videos

NTSC = Fraction(1000, 1001)


@dataclass
class Format:
    about: str
    suffix: str
    container: str
    pixel_format: str
    encoder: str
    options: list
    pictures: tuple = None  # (width, height, frames per second, interlaced) that it is defined for; None: any


HD = ((1920, 1080, Fraction(25), True), (1920, 1080, 30 * NTSC, True),
      (1280, 720, Fraction(50), False), (1280, 720, 60 * NTSC, False))
FORMATS = {
    # MPEG-2 4:2:2 profile at high level, constant 50 Mbit/s.
    "xdcam-hd422": Format("XDCAM HD422, 50 Mbit/s, MXF OP1a", ".mxf", "mxf", "yuv422p", "mpeg2video", [
        "-profile", "0", "-level", "2", "-b", "50M", "-minrate", "50M", "-maxrate", "50M",
        "-bufsize", "36408333", "-rc_init_occupancy", "36408333", "-bf", "2", "-dc", "10", "-intra_vlc", "1",
        "-non_linear_quant", "1", "-qmin", "1", "-qmax", "28", "-sc_threshold", "1000000000",
        "-b_strategy", "0", "-video_format", "component", "-seq_disp_ext", "always"], HD),
    "avc-intra-100": Format("AVC-Intra 100, 10 bits, MXF OP1a", ".mxf", "mxf", "yuv422p10le", "libx264", [
        "-avcintra-class", "100"], HD),
    "prores": Format("ProRes 422 HQ, MOV", ".mov", "mov", "yuv422p10le", "prores_ks", [
        "-profile", "hq", "-vendor", "apl0"]),
}


def describe():
    return "\n".join(f"  {name:<15}{form.about}" for name, form in FORMATS.items())


def check(source, looked, form):
    """Raises Error unless the format is defined for the source's picture: nothing is scaled or converted in time."""
    picture = (*looked.shown_size, rate(looked.stream), looked.interlaced)
    if form.pictures and picture not in form.pictures:
        valid = ", ".join(map(name_picture, form.pictures))
        raise Error(f"{source}: {name_picture(picture)} is not one of {valid}")


def name_picture(picture):
    width, height, frames, interlaced = picture
    return f"{width}x{height}{'i' if interlaced else 'p'} at {float(frames):.4g} frames/s"


def legal(pixel_format):
    """The lowest and highest legal codes (limited range) of luma and chroma, and the largest code."""
    scale = 4 if "10" in pixel_format else 1
    return 16 * scale, 235 * scale, 240 * scale, 256 * scale - 1


def filters(ffmpeg, form, conversion):
    """The filter graph, after filters that convert. Writes source.txt and deblurred.txt: metadata of each frame before and after.

    Each sample is held between min(source, lowest) and max(source, highest legal code): what was legal stays legal,
    what was not may stay, and a legal picture is not touched.
    """
    low, luma, chroma, top = legal(form.pixel_format)
    deblur = ffmpeg.filter + (":" if "=" in ffmpeg.filter else "=") + "stats=1"
    source = ",".join([*conversion, "signalstats=stat=brng",
                       "metadata=print:file=source.txt", "split=3[source][low][high]"])
    return ";".join([
        source,
        f"[source]{deblur}[deblurred]",
        f"[low]limiter=max={low}[lowest]",
        f"[high]limiter=min={luma}:max={top}:planes=1,limiter=min={chroma}:max={top}:planes=6[highest]",
        "[deblurred][lowest][highest]maskedclamp,signalstats=stat=brng,metadata=print:file=deblurred.txt"])


def arguments(ffmpeg, source, probed, form):
    """ffmpeg's arguments without the output's name, the Mapping, and notes for the user."""
    streams = videos(probed)
    if len(streams) != 1:
        raise Error(f"{source}: has {len(streams)} video streams that can be decoded; broadcast files have one")
    looked = look(ffmpeg, source, probed, streams[0])
    check(source, looked, form)
    mapping = Mapping(ffmpeg, source, probed, form.container)
    conversion, _, lost = colour.after(looked, form.pixel_format, keeps_full_range=False)
    if not looked.rotation:
        conversion[0] = conversion[0].replace("scale=", "scale={}:{}:".format(*looked.size), 1)
    options = ["-filter", filters(ffmpeg, form, conversion), "-c", form.encoder, *form.options]
    if looked.interlaced:
        options += ["-flags", "+ildct+ilme" if form.container == "mxf" else "+ildct"]
    if form.encoder == "mpeg2video":
        # A group of half a second, as recorders write.
        options += ["-g", "12" if rate(looked.stream) in (25, 50) else "15"]
    options += sidedata.options(ffmpeg, looked, form.encoder)
    encoding = []
    for option, value in zip(options[::2], options[1::2]):
        encoding += [f"{option}:{mapping.videos[0]}", value]
    timecode = start_timecode(probed)
    if timecode:
        encoding += ["-timecode", timecode]
    notes = [*mapping.notes, *lost]
    if looked.rotation:
        notes.append(f"turned upright by {looked.rotation} degrees, as players show it")
    missing = sidedata.lost(ffmpeg, looked, form.encoder)
    if sidedata.AFD in missing:
        missing.remove(sidedata.AFD)
        notes.append("AFD in the video itself is left out: no encoder of FFmpeg writes it")
    if missing:
        notes.append(f"left out: {', '.join(missing)}")
    still = [] if looked.rotation else ["-reinit_filter", "0"]
    return ([*still, *paths.source(source), *mapping.options, *encoding, "-fps_mode", "passthrough", "-f", form.container],
            mapping, notes)


def start_timecode(probed):
    """The time code of the first frame, as MXF and MOV have it; None if there is none."""
    tags = [probed["format"]["tags"], *(s["tags"] for s in probed["streams"])]
    # Matroska writes names of tags in capitals.
    return next((value for t in tags for key, value in t.items() if key.lower() == "timecode"), None)
