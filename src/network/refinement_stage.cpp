// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/refinement_stage.h"

#include <algorithm>
#include <stdexcept>

#include <ATen/ATen.h>

#include "network/region_refiner.h"

namespace deblur {

RefinementStage::RefinementStage(NetworkPtr network, int windows) : network_(std::move(network)), windows_(windows) {
    if (!network_->region_refiner())
        throw std::invalid_argument("the model '" + network_->config().architecture + "' refines no regions");
}

torch::Tensor RefinementStage::apply(const std::vector<torch::Tensor> &window, const torch::Tensor &correction) {
    const auto last = static_cast<int>(window.size()) - 1, centre = last / 2, m = network_->config().window;
    std::vector<torch::Tensor> seen;
    for (int i = centre - m; i <= centre + m; ++i)
        seen.push_back(window[static_cast<size_t>(std::clamp(i, 0, last))]);
    const auto picture = (window[static_cast<size_t>(centre)] + correction).clamp(0, 1);
    const auto refined = network_->region_refiner()->refine(at::cat(seen, 1), picture, memory_, windows_);
    memory_ = refined.memory;
    // Where the pictures are the same their difference is 0, and the correction stays.
    return correction + (refined.picture - picture);
}

} // namespace deblur
