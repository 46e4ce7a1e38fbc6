// region_mining.h in tensors.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

#include "network/region_mining.h"

namespace deblur {

/// The mean of a heat map, H x W, in each of its windows: 1 x count, float32.
torch::Tensor heat_in_windows(const torch::Tensor &heat, const std::vector<PatchWindow> &windows);

/// What a refined window counts for beside what was there: 1 inside, falling to 0 over 16 pixels towards those of its
/// borders that are not the picture's. height x width of the window.
torch::Tensor feather(const PatchWindow &window, int64_t picture_height, int64_t picture_width);

} // namespace deblur
