// A window of frames as its middle one and what moves around it, for networks that look for motion.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

namespace deblur {

/// The middle one of a window's frames.
///
/// @param window N x 3 frames x H x W, an odd number of frames, oldest first
/// @return a view of it, N x 3 x H x W
torch::Tensor middle_frame(const torch::Tensor &window);

/// What is different from the middle frame in each of the others, times 8, as differences between frames are small.
///
/// @param window as in middle_frame()
/// @return frames - 1 tensors of N x 3 x H x W
std::vector<torch::Tensor> motion_view(const torch::Tensor &window);

} // namespace deblur
