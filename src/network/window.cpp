// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/window.h"

#include <ATen/ATen.h>

namespace deblur {

torch::Tensor middle_frame(const torch::Tensor &window) {
    const int64_t frames = window.size(1) / 3;
    return window.narrow(1, 3 * (frames / 2), 3);
}

torch::Tensor with_middle_frame(const torch::Tensor &window, const torch::Tensor &picture) {
    const int64_t before = 3 * (window.size(1) / 6);
    return at::cat({window.narrow(1, 0, before), picture, window.narrow(1, before + 3, before)}, 1);
}

std::vector<torch::Tensor> motion_view(const torch::Tensor &window) {
    constexpr double kGain = 8;
    const auto frames = window.split(3, 1);
    const size_t middle = frames.size() / 2;
    std::vector<torch::Tensor> differences;
    for (size_t i = 0; i < frames.size(); ++i)
        if (i != middle)
            differences.push_back((frames[i] - frames[middle]) * kGain);
    return differences;
}

} // namespace deblur
