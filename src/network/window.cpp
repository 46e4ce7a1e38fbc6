// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/window.h"

#include <ATen/ATen.h>

namespace deblur {

namespace {

// Channels before the middle frame's, and as many behind them.
int64_t around_middle(const torch::Tensor &window) {
    return (window.size(1) - 3) / 2;
}

} // namespace

torch::Tensor middle_frame(const torch::Tensor &window) {
    return window.narrow(1, around_middle(window), 3);
}

torch::Tensor with_middle_frame(const torch::Tensor &window, const torch::Tensor &picture) {
    const int64_t around = around_middle(window);
    return at::cat({window.narrow(1, 0, around), picture, window.narrow(1, around + 3, around)}, 1);
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
