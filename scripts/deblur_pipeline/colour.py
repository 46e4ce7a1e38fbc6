"""From a video's pixel format to an encoder's: filters, colour tags afterwards, and what is lost."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from . import pixels

# Pixel formats that the filter deblur does not take, or that its neighbours only approximate.
EXACT = "flags=accurate_rnd+full_chroma_int+full_chroma_inp"
PARTS_OF_WORDS = ("x2rgb10", "x2bgr10", "xv30", "v30x", "uyyvyy411")


def is_restorable(name):
    """Whether the filter deblur works on a pixel format itself."""
    found = pixels.describe(name)
    return bool(found) and found.family in ("yuv", "rgb", "gray") and found.depth >= 8 and not found.palette \
        and not name.startswith(PARTS_OF_WORDS)


def before(video, choices):
    """(filters, pixel format, notes) that let deblur work without loss, in one of choices; None: any that it takes.

    The size is held at that of the first frame: what a file joined from several sizes has later is scaled.
    """
    have = video.format
    allowed = [c for c in choices or () if is_restorable(c)]
    width, height = video.size
    filters = [] if video.rotation else [f"scale={width}:{height}"]
    if pixels.describe(have) is None or (is_restorable(have) and not choices):
        return filters, have, []
    if not choices:  # the nearest that is restorable
        allowed = ["bgr0", "bgra", "gray", "gbrp10le", "yuv444p10le", "yuv411p", "gbrp16le", "gbrap16le"]
    target = pixels.lossless(have, allowed)
    exact = target is not None
    target = target or pixels.nearest(have, allowed)
    if target != have:
        span = ":in_range=pc:out_range=pc" if video.pixels.full else ""
        filters = [f"scale={width}:{height}:{EXACT}{span}" if not video.rotation else f"scale={EXACT}{span}"]
    filters.append(f"format={target}")
    if exact:
        return filters, target, []
    lost = video.pixels.loses(pixels.describe(target)) or ["values are rounded"]
    return filters, target, [f"{have} becomes {target}, which is not lossless: {', '.join(lost)}"]


def after(video, target, keeps_full_range):
    """(filters, colour tags, notes) that bring restored pictures to the pixel format of an encoder.

    keeps_full_range: whether encoder and container can tell full range. Interlaced chroma is converted by fields; RGB
    becomes BT.709, limited.
    """
    have, want, tags = video.pixels, pixels.describe(target), video.tags()
    notes = []
    lost = have.loses(want) if have else []
    if lost:
        notes.append(f"{video.format} becomes {target}: {', '.join(lost)}")
    if have and have.family not in ("yuv", "gray"):
        tags |= dict(color_range="tv", colorspace="bt709")
        return ["scale=out_color_matrix=bt709:out_range=tv", f"format={target}", "setparams=range=tv:colorspace=bt709"], tags, notes
    span = ""
    if have and have.family == "gray":
        tags |= dict(color_range="tv")
        return ["scale=interl=-1:out_range=tv", f"format={target}", "setparams=range=tv"], tags, notes
    if video.full_range and keeps_full_range:
        span, tags["color_range"] = ":in_range=pc:out_range=pc", "pc"
    elif video.full_range:
        span, tags["color_range"] = ":in_range=pc:out_range=tv", "tv"
        notes.append("full range becomes limited: this format cannot tell it")
    return [f"scale=interl=-1{span}", f"format={target}"], tags, notes
