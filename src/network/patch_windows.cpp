// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/patch_windows.h"

#include <ATen/ATen.h>

namespace deblur {

torch::Tensor heat_in_windows(const torch::Tensor &heat, const std::vector<PatchWindow> &windows) {
    std::vector<torch::Tensor> means;
    for (const auto &window : windows)
        means.push_back(window.of(heat).mean());
    return at::stack(means).unsqueeze(0);
}

torch::Tensor feather(const PatchWindow &window, int64_t picture_height, int64_t picture_width) {
    const auto rows = at::tensor(feather_ramp(window.top, window.height, picture_height));
    const auto columns = at::tensor(feather_ramp(window.left, window.width, picture_width));
    return rows.unsqueeze(1) * columns.unsqueeze(0);
}

} // namespace deblur
