// What of a picture counts where brightness alone is compared.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <ATen/ATen.h>
#include <torch/types.h>

namespace deblur {

/// Luma by the weights of BT.709: N x 3 x H x W, RGB, to N x 1 x H x W.
inline torch::Tensor luma_of(const torch::Tensor &image) {
    const auto weights = at::tensor({0.2126f, 0.7152f, 0.0722f}, image.options());
    return (image * weights.view({1, 3, 1, 1})).sum(1, /*keepdim=*/true);
}

} // namespace deblur
