// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/refinement_stage.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "network/region_refiner.h"

namespace deblur {

RefinementStage::RefinementStage(NetworkPtr network, int windows) : network_(std::move(network)), windows_(windows) {
    if (!network_->region_refiner())
        throw std::invalid_argument("the model '" + network_->config().architecture + "' refines no regions");
}

torch::Tensor RefinementStage::apply(const torch::Tensor &blurry, const torch::Tensor &correction) {
    const auto picture = (blurry + correction).clamp(0, 1);
    const auto refined = network_->region_refiner()->refine(blurry, picture, memory_, windows_);
    memory_ = refined.memory;
    // Where the pictures are the same their difference is 0, and the correction stays.
    return correction + (refined.picture - picture);
}

} // namespace deblur
