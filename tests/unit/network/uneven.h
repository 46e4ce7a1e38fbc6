// Pictures in which a gate is open, closed and between.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <ATen/ATen.h>

namespace deblur::test {

/// A correction, 1 x 3 x height x width, strongest in the lower left.
inline torch::Tensor uneven_correction(int64_t height, int64_t width, double strength = 0.05) {
    const auto slope =
        at::linspace(0.01, 1, height).unsqueeze(1) * at::linspace(1, 0.02, width).unsqueeze(0);
    return (strength * slope * at::randn({1, 3, height, width})).contiguous();
}

/// A frame of the same size, with most detail in the upper left.
inline torch::Tensor uneven_frame(int64_t height, int64_t width) {
    return (0.5 + uneven_correction(height, width, 0.2).flip({2})).clamp(0, 1).contiguous();
}

} // namespace deblur::test
