// Between the size of the pictures and the size at which the network works.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

namespace deblur {

/// N x C x H x W, float32, as N x C x height x width: bicubic, antialiased where it shrinks. The
/// same tensor if the size is the same.
torch::Tensor resize(const torch::Tensor &image, int64_t height, int64_t width);

} // namespace deblur
