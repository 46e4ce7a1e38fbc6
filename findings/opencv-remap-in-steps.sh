#!/usr/bin/env bash
# OpenCV's remap() and warpAffine() moved pictures in steps of 1/32 pixel, whatever was asked for, up to 4.13. From 5.0 on
# bilinear ones are exact, but Lanczos ones still have steps. A motion blur that is averaged from small shifts has these
# steps in it, and changes with the version.
#
# Seen with opencv-python-headless 4.13.0.92 and 5.0.0.93: how far a ramp moves that is to move by 0.02 pixels.
#
# Output seen: 4.13.0 linear 0.03125, 5.0.0 linear 0.02000, and 0.01 pixels with Lanczos in 5.0.0 move it by 0.00000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
for version in 4.13.0.92 5.0.0.93; do
    "$folder/env/bin/pip" install --quiet --disable-pip-version-check "opencv-python-headless==$version" numpy==2.4.6
    "$folder/env/bin/python" - <<'PYTHON' >> "$folder/seen"
import cv2
import numpy as np

x, y = np.meshgrid(np.arange(64, dtype=np.float32), np.arange(64, dtype=np.float32))


def moved(shift, interpolation):
    return x[30, 30] - cv2.remap(x, x - np.float32(shift), y, interpolation)[30, 30]


print(f"{cv2.__version__} linear {moved(0.02, cv2.INTER_LINEAR):.5f}, Lanczos {moved(0.01, cv2.INTER_LANCZOS4):.5f}")
PYTHON
done
cat "$folder/seen"
[ "$(cat "$folder/seen")" = "4.13.0 linear 0.03125, Lanczos 0.00000
5.0.0 linear 0.02000, Lanczos 0.00000" ]
