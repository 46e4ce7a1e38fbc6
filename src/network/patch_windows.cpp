// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/patch_windows.h"

#include <algorithm>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kFeather = 16; // pixels

std::vector<int64_t> starts(int64_t length) {
    std::vector<int64_t> found{0};
    while (found.back() + kPatchSide < length)
        found.push_back(std::min(found.back() + kPatchShift, length - kPatchSide));
    return found;
}

// Of one side: rises at an inner begin, and falls to an inner end.
torch::Tensor ramp(int64_t length, bool rises, bool falls) {
    const auto distance = (at::arange(length, at::kFloat) + 0.5) / static_cast<double>(kFeather);
    auto weight = at::ones({length});
    if (rises)
        weight = at::min(weight, distance);
    if (falls)
        weight = at::min(weight, distance.flip(0));
    return weight;
}

} // namespace

std::vector<PatchWindow> patch_windows(int64_t height, int64_t width) {
    std::vector<PatchWindow> windows;
    for (const int64_t top : starts(height))
        for (const int64_t left : starts(width))
            windows.push_back({top, left, std::min(kPatchSide, height), std::min(kPatchSide, width)});
    return windows;
}

torch::Tensor heat_in_windows(const torch::Tensor &heat, const std::vector<PatchWindow> &windows) {
    std::vector<torch::Tensor> means;
    for (const auto &window : windows)
        means.push_back(window.of(heat).mean());
    return at::stack(means).unsqueeze(0);
}

torch::Tensor feather(const PatchWindow &window, int64_t picture_height, int64_t picture_width) {
    const auto rows = ramp(window.height, window.top > 0, window.top + window.height < picture_height);
    const auto columns = ramp(window.width, window.left > 0, window.left + window.width < picture_width);
    return rows.unsqueeze(1) * columns.unsqueeze(0);
}

} // namespace deblur
