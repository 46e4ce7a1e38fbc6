"""Pixel formats by their names: what they hold, and which of an encoder's loses nothing of it."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Pixels:
    family: str  # yuv, gray, rgb, xyz or bayer
    chroma: str  # 444, 422, 420 ...; of the others ""
    depth: int  # bits of a sample
    alpha: bool = False
    real: bool = False  # floating point
    full: bool = False  # full range by its name: yuvj420p
    palette: bool = False

    def loses(self, other):
        """What a picture loses on its way to other pixels: words, such as "alpha"."""
        lost = []
        if self.family != other.family and not (self.family == "gray" and other.family == "yuv"):
            lost.append(f"{self.family.upper()} becomes {other.family.upper()}")
        if self.real and not other.real:
            lost.append(f"floating point becomes {other.depth} bits")
        elif self.depth > other.depth:
            lost.append(f"{self.depth} bits become {other.depth}")
        if self.chroma and other.chroma and samples(self.chroma) > samples(other.chroma):
            lost.append(f"{colons(self.chroma)} becomes {colons(other.chroma)}")
        elif self.family == "rgb" and other.chroma not in ("", "444"):
            lost.append(f"colour at {colons(other.chroma)}")
        if self.alpha and not other.alpha:
            lost.append("alpha is left out")
        return lost


PACKED_YUV = {  # name without byte order: chroma, depth, alpha
    "nv12": ("420", 8), "nv21": ("420", 8), "nv16": ("422", 8), "nv20": ("422", 10), "nv24": ("444", 8), "nv42": ("444", 8),
    "yuyv422": ("422", 8), "yvyu422": ("422", 8), "uyvy422": ("422", 8), "uyyvyy411": ("411", 8),
    "y210": ("422", 10), "y212": ("422", 12), "y216": ("422", 16), "xv30": ("444", 10), "v30x": ("444", 10),
    "xv36": ("444", 12), "xv48": ("444", 16), "vuyx": ("444", 8), "vyu444": ("444", 8), "vuya": ("444", 8, True),
    "ayuv": ("444", 8, True), "uyva": ("444", 8, True), "ayuv64": ("444", 16, True)}
PACKED_RGB = {  # depth, alpha
    "rgb24": (8,), "bgr24": (8,), "0rgb": (8,), "rgb0": (8,), "0bgr": (8,), "bgr0": (8,), "argb": (8, True), "rgba": (8, True),
    "abgr": (8, True), "bgra": (8, True), "rgb48": (16,), "bgr48": (16,), "rgba64": (16, True), "bgra64": (16, True),
    "x2rgb10": (10,), "x2bgr10": (10,), "rgb565": (6,), "bgr565": (6,), "rgb555": (5,), "bgr555": (5,), "rgb444": (4,),
    "bgr444": (4,), "rgb8": (3,), "bgr8": (3,), "rgb4": (2,), "bgr4": (2,), "rgb4_byte": (2,), "bgr4_byte": (2,)}


def describe(name):
    """Pixels of a format's name; None if it is of no known kind, such as one in a device's memory."""
    plain = re.sub(r"(le|be)$", "", name or "")
    if found := re.fullmatch(r"yuv([aj]?)(4\d\d)p(\d*)(?:msb)?", plain):
        return Pixels("yuv", found[2], int(found[3] or 8), found[1] == "a", full=found[1] == "j")
    if found := re.fullmatch(r"p([024])(\d\d)", plain):
        return Pixels("yuv", {"0": "420", "2": "422", "4": "444"}[found[1]], int(found[2]))
    if plain in PACKED_YUV:
        return Pixels("yuv", *PACKED_YUV[plain])
    if found := re.fullmatch(r"(?:gray|y)(a?)(f?)(\d*)", plain):
        return Pixels("gray", "", int(found[3] or 8), bool(found[1]), bool(found[2]))
    if found := re.fullmatch(r"gbr(a?)p(f?)(\d*)(?:msb)?|rgb(a?)(f)(\d+)", plain):
        return Pixels("rgb", "", int(found[3] or found[6] or 8), bool(found[1] or found[4]), bool(found[2] or found[5]))
    if plain in PACKED_RGB:
        return Pixels("rgb", "", *PACKED_RGB[plain])
    if plain == "pal8":
        return Pixels("rgb", "", 8, True, palette=True)
    if plain in ("monow", "monob"):
        return Pixels("gray", "", 1)
    if plain.startswith(("rgb96", "rgba128")):
        return Pixels("rgb", "", 32, plain.startswith("rgba"))
    if plain.startswith("xyz"):
        return Pixels("xyz", "", 12)
    if plain.startswith("bayer"):
        return Pixels("bayer", "", 16 if plain.endswith("16") else 8)
    return None


def samples(chroma):
    """Chroma samples of eight luma samples."""
    return {"444": 8, "440": 4, "422": 4, "411": 2, "420": 2, "410": 1}.get(chroma, 0)


def colons(chroma):
    return ":".join(chroma)


def of_encoder(help_text):
    """The pixel formats that ffmpeg -h lists of an encoder."""
    found = re.search(r"Supported pixel formats: (.*)", help_text)
    return found[1].split() if found else []


def lossless(name, choices):
    """Which of choices holds everything of the format name; None if none does."""
    pixels = describe(name)
    if name in choices and not pixels.full:
        return name
    if pixels is None or pixels.family in ("xyz", "bayer"):
        return None
    fitting = []
    for choice in choices:
        other = describe(choice)
        if (other and other.family == pixels.family and other.chroma == pixels.chroma and other.depth >= pixels.depth
                and other.alpha >= pixels.alpha and other.real == pixels.real and not other.full and not other.palette):
            fitting.append((other.depth, other.alpha, choice != "bgr0", choice))
    return min(fitting)[-1] if fitting else None


def nearest(name, choices):
    """Which of choices loses least of the format name."""
    pixels = describe(name)
    if pixels is None:
        return choices[0]

    def loss(choice):
        other = describe(choice)
        return (other.family != ("rgb" if pixels.family in ("xyz", "bayer") else pixels.family), other.alpha < pixels.alpha,
                other.depth < (16 if pixels.real else pixels.depth), other.chroma != pixels.chroma, -other.depth, choice)

    return min((c for c in choices if describe(c) and not describe(c).full), key=loss)
