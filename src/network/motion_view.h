// What moves in a window of frames, for networks that look for it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

namespace deblur {

/// What is different from the middle frame in each of the others, times 8, as differences between frames are small.
///
/// @param window N x 3 frames x H x W, an odd number of frames, oldest first
/// @return frames - 1 tensors of N x 3 x H x W
std::vector<torch::Tensor> motion_view(const torch::Tensor &window);

} // namespace deblur
