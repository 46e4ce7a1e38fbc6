#!/usr/bin/env bash
# OpenCV's bicubic interpolation does not reproduce a straight ramp: its kernel has a = -0.75, and only a = -0.5 moves
# polynomials exactly. A shift of a tenth of a pixel arrives as 0.136 pixels, while bilinear gives 0.1. Who makes
# motion blur or aligns frames with it gets another motion than the one written down.
#
# Seen with opencv-python-headless 5.0.0.93, in which positions have no steps any more that would hide it.
#
# Output seen: 0.1 pixels: linear 0.100, cubic 0.136; 0.25 pixels: linear 0.250, cubic 0.297; 0.5 pixels: linear 0.500,
# cubic 0.500
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check opencv-python-headless==5.0.0.93 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON' > "$folder/seen"
import cv2
import numpy as np

x, y = np.meshgrid(np.arange(64, dtype=np.float32), np.arange(64, dtype=np.float32))
for shift in (0.1, 0.25, 0.5):
    linear, cubic = (x[30, 30] - cv2.remap(x, x - np.float32(shift), y, kind)[30, 30]
                     for kind in (cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    print(f"{shift} pixels: linear {linear:.3f}, cubic {cubic:.3f}")
PYTHON
cat "$folder/seen"
[ "$(cat "$folder/seen")" = "0.1 pixels: linear 0.100, cubic 0.136
0.25 pixels: linear 0.250, cubic 0.297
0.5 pixels: linear 0.500, cubic 0.500" ]
