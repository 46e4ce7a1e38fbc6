// The engine's images and LibTorch's tensors: the same samples.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

#include "base/image.h"

namespace deblur {

/// @param tensor 1 x channels x height x width, float32, contiguous, on any device
Image to_image(const torch::Tensor &tensor);

/// 1 x channels x height x width. Of what to_image() made, that tensor again.
torch::Tensor to_tensor(const Image &image);

} // namespace deblur
