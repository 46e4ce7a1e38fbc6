// Pictures in which a gate is open, closed and between.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>

#include <ATen/ATen.h>

#include "network/gate_shape.h"

namespace deblur::test {

/// Half open where the correction is threshold times as large as the detail, and at once more open beyond, with every other
/// feature and hidden value having some say.
inline Gate lively_gate(double gain, double threshold) {
    GateDecision decision{};
    for (int i = 0; i < kGateHidden; ++i) {
        const float sign = i % 2 == 0 ? 1.0f : -1.0f;
        for (int k = 0; k < kGateFeatures; ++k)
            decision.hidden[i][k] = sign * (k == 0 ? 1.0f : 0.1f * static_cast<float>((i + k) % 3));
        decision.hidden_bias[i] = -sign * static_cast<float>(std::log(threshold));
        decision.output[i] = sign * static_cast<float>(1 + i) / 4;
    }
    return {gain, decision};
}

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
