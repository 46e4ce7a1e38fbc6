// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/bladenet.h"

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kAttentionKernel = 7;

} // namespace

BlurGuidedAttention::BlurGuidedAttention()
    : conv_(register_module("conv", std::make_shared<Conv>(3, 1, kAttentionKernel, 1, 0.0))) {}

torch::Tensor BlurGuidedAttention::forward(const torch::Tensor &features, const torch::Tensor &map) const {
    const int64_t factor = map.size(2) / features.size(2);
    const auto small = at::avg_pool2d(map, {factor, factor}).to(features.scalar_type());
    const auto seen = at::cat({features.mean(1, true), features.amax(1, true), small}, 1);
    return features * (2 * at::sigmoid(conv_->forward(seen)));
}

BladeNet::BladeNet(const NetworkConfig &config)
    : StrcnnFast(config),
      perception_(register_module("perception", std::make_shared<BlurPerception>(window_frames()))) {
    for (int level = 0; level < LevelCount; ++level)
        attention_.push_back(
            register_module("attention" + std::to_string(level), std::make_shared<BlurGuidedAttention>()));
}

StepResult BladeNet::step(const torch::Tensor &window, const State &state) {
    const auto map = perception_->forward(window.to(compute_type()));
    auto result = modulated_step(window, state, [&](Level level, const torch::Tensor &features) {
        return attention_[static_cast<size_t>(level)]->forward(features, map);
    });
    result.correction = result.correction * local_gate(map);
    result.map = map;
    return result;
}

torch::Tensor BladeNet::objective(const StepResult &result, const FrameTruth &truth) const {
    return kPerceptionWeight * perception_loss(result.map, truth.blur);
}

double BladeNet::macs_per_pixel() const {
    double sum = StrcnnFast::macs_per_pixel() + perception_->macs_per_pixel();
    for (int level = 0; level < LevelCount; ++level) {
        const double side = 8 >> level; // pixels of one position
        sum += attention_[static_cast<size_t>(level)]->macs() / (side * side);
    }
    return sum;
}

} // namespace deblur
