// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/strcnn_local.h"

#include <ATen/ATen.h>

#include "network/window.h"

namespace deblur {

StrcnnLocal::StrcnnLocal(const NetworkConfig &config)
    : Strcnn(config, StrcnnTraits{true, true}),
      perception_(register_module("perception", std::make_shared<BlurPerception>(window_frames()))) {}

torch::Tensor StrcnnLocal::perceive(const torch::Tensor &window) const {
    return perception_->forward(window.to(compute_type()));
}

StepResult StrcnnLocal::step(const torch::Tensor &window, const State &state) {
    const auto map = perceive(window);
    const auto gate = local_gate(map);
    if (!gate.any().item<bool>())
        return {at::zeros_like(middle_frame(window)), {}, map};
    auto result = Strcnn::step(window, state);
    result.correction = result.correction * gate;
    result.map = map;
    return result;
}

torch::Tensor StrcnnLocal::objective(const StepResult &result, const FrameTruth &truth) const {
    return kPerceptionWeight * perception_loss(result.map, truth.blur);
}

double StrcnnLocal::macs_per_pixel() const {
    return Strcnn::macs_per_pixel() + perception_->macs_per_pixel();
}

} // namespace deblur
