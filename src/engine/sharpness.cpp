// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sharpness.h"

#include <ATen/ATen.h>

#include "engine/luma.h"

namespace deblur {

float sharpness(const torch::Tensor &image) {
    const auto luma = 255 * luma_of(image);
    const auto padded = at::replication_pad2d(luma, {1, 1, 1, 1});
    const auto height = luma.size(2), width = luma.size(3);
    const auto shifted = [&](int64_t y, int64_t x) {
        return padded.slice(2, y, y + height).slice(3, x, x + width);
    };
    const auto laplacian = shifted(0, 1) + shifted(2, 1) + shifted(1, 0) + shifted(1, 2) - 4 * luma;
    return laplacian.var(/*unbiased=*/false).item<float>();
}

} // namespace deblur
