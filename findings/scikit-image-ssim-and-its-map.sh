#!/usr/bin/env bash
# scikit-image's SSIM is not the mean of the map that it returns beside it: the map is as large as the picture, but the score
# leaves a border out, of half a window on each side. On crops of training size the two differ in the second decimal.
#
# Seen with scikit-image 0.26.0 on 32 x 32 pixels.
#
# Output seen: score 0.9279, mean of the map 0.9230, mean without 3 pixels on each side 0.9279
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON' > "$folder/seen"
import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity

sharp = gaussian_filter(np.random.default_rng(0).random((96, 96)), 2)
sharp = (sharp - sharp.min()) / np.ptp(sharp)
blurred = gaussian_filter(sharp, 1.5)
score, similarity = structural_similarity(sharp[:32, :32], blurred[:32, :32], data_range=1, full=True)
print(f"score {score:.4f}, mean of the map {similarity.mean():.4f}, "
      f"mean without 3 pixels on each side {similarity[3:-3, 3:-3].mean():.4f}")
PYTHON
cat "$folder/seen"
[ "$(cat "$folder/seen")" = "score 0.9279, mean of the map 0.9230, mean without 3 pixels on each side 0.9279" ]
