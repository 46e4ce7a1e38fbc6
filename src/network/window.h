// The window of frames that a step sees.
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

/// A window with another picture in its middle.
///
/// @param window  as in middle_frame()
/// @param picture N x 3 x H x W
torch::Tensor with_middle_frame(const torch::Tensor &window, const torch::Tensor &picture);

/// What is different from the middle frame in each of the others, times 8, as differences between frames are small.
///
/// @param window as in middle_frame()
/// @return frames - 1 tensors of N x 3 x H x W
std::vector<torch::Tensor> motion_view(const torch::Tensor &window);

} // namespace deblur
