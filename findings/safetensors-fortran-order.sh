#!/usr/bin/env bash
# safetensors.numpy.save() writes arrays in Fortran order as they lie in memory, with the shape of the C order: the values come
# back at other places, without a word. Transposed weights (`kernel.T`) are such arrays. (The functions for PyTorch
# refuse tensors that are not contiguous.)
#
# Seen with safetensors 0.8.0 and numpy 2.4.6.
#
# Output seen: [[0, 1, 2], [3, 4, 5]] comes back as [[0, 3, 1], [4, 2, 5]], after ascontiguousarray() as it was
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check safetensors==0.8.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
from safetensors.numpy import load, save

weights = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3))
back = load(save({"weights": weights}))["weights"]
copied = load(save({"weights": np.ascontiguousarray(weights)}))["weights"]
print(weights.tolist(), "->", back.tolist(), "and, copied,", copied.tolist())
assert back.tolist() == [[0, 3, 1], [4, 2, 5]]
assert copied.tolist() == weights.tolist()
PYTHON
