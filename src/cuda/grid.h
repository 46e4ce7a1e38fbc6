// Grids of threads with one for each position of a picture.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cuda_runtime_api.h>

namespace deblur::cuda {

// Rows of a warp each, so that a warp's loads and stores lie side by side.
constexpr dim3 kBlock{32, 8};

inline dim3 blocks(int width, int height) {
    return dim3((width + kBlock.x - 1) / kBlock.x, (height + kBlock.y - 1) / kBlock.y);
}

} // namespace deblur::cuda
