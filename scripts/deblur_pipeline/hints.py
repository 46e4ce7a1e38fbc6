"""What would make a run faster, in words, from the work that a model does for each pixel."""
# SPDX-License-Identifier: LGPL-2.1-or-later

DEFAULT, FAST = "strcnn_dtb", "strcnn_dtb_fast"
# Thousand multiplications for each pixel, as models/index.json has them.
WORK = {DEFAULT: 240, FAST: 28, "strcnn_dtb_local": 248, "strcnn": 189}
HD720 = 1280 * 720


def faster(deblur, stream):
    """Lines about options that are not taken yet."""
    options = dict(option.partition("=")[::2] for option in deblur.split(":") if option)
    model, size = options.get("model", "auto"), options.get("resolution", "source")
    found = []
    work = WORK.get(DEFAULT if model == "auto" else model, 0)
    if "weights" not in options and work > WORK[FAST]:
        found.append(f"--deblur model={FAST} does {work / WORK[FAST]:.0f} times less work, and restores less")
    shape = stream.get("width", 0) * stream.get("height", 0)
    if size == "source" and shape > 1.2 * HD720:
        found.append(f"--deblur resolution=hd720 does {shape / HD720:.1f} times less, and keeps the picture's size and detail")
    if found and "device" not in options:
        found.append("an NVIDIA GPU is used where there is one; deblur-batch shares a video out among machines")
    return found
