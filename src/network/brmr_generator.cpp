// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr_generator.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "network/graph.h"

namespace deblur {

namespace {

constexpr double kDropout = 0.5;
constexpr size_t kDropoutLevels = 3; // from the deepest

// As in strcnn.cpp: an untrained network leaves the picture alone.
constexpr double kHeadGain = 0.01;

} // namespace

InstanceNorm::InstanceNorm(int64_t channels)
    : weight(register_parameter("weight", at::ones({channels}))),
      bias(register_parameter("bias", at::zeros({channels}))) {}

torch::Tensor InstanceNorm::forward(const torch::Tensor &x) const {
    constexpr double kEpsilon = 1e-5;
    return at::group_norm(x.to(at::kFloat), weight.size(0), weight.to(at::kFloat), bias.to(at::kFloat), kEpsilon,
                          /*cudnn_enabled*/ false)
        .to(x.scalar_type());
}

UNetGenerator::UNetGenerator(int64_t in, int64_t width, int64_t levels, bool is_normalised) {
    const auto bias = is_normalised ? Bias::None : Bias::Yes;
    const auto channels = [&](int64_t level) { return width * std::min<int64_t>(int64_t{1} << level, 8); };
    const auto norm = [&](const std::string &name, int64_t count) {
        return register_module(name, std::make_shared<InstanceNorm>(count));
    };
    for (int64_t i = 0; i < levels; ++i) {
        const bool first = i == 0, deepest = i == levels - 1;
        const auto number = std::to_string(i);
        Level level;
        level.down = register_module("down" + number, std::make_shared<Conv>(first ? in : channels(i - 1), channels(i),
                                                                             4, 2, 1.0, bias));
        if (is_normalised && !first && !deepest)
            level.down_norm = norm("down_norm" + number, channels(i));
        level.up = register_module(first ? "latent_head" : "up" + number,
                                   std::make_shared<Upsample2x>(deepest ? channels(i) : 2 * channels(i),
                                                                first ? 3 : channels(i - 1),
                                                                first ? Bias::Yes : bias));
        if (is_normalised && !first)
            level.up_norm = norm("up_norm" + number, channels(i - 1));
        level.has_dropout = i + static_cast<int64_t>(kDropoutLevels) >= levels;
        levels_.push_back(std::move(level));
    }
    const torch::NoGradGuard no_grad;
    levels_.front().up->weight.mul_(kHeadGain);
}

torch::Tensor UNetGenerator::forward(const torch::Tensor &x) const {
    const bool has_noise = at::GradMode::is_enabled();
    std::vector<torch::Tensor> skips;
    auto y = x;
    for (const auto &level : levels_) {
        y = level.down->forward(skips.empty() ? y : at::leaky_relu(y, kLeak));
        if (level.down_norm)
            y = level.down_norm->forward(y);
        skips.push_back(y);
    }
    for (size_t i = levels_.size() - 1; i > 0; --i) {
        y = levels_[i].up->forward(at::relu(y));
        if (levels_[i].up_norm)
            y = levels_[i].up_norm->forward(y);
        if (levels_[i].has_dropout)
            y = at::dropout(y, kDropout, has_noise);
        y = at::cat({skips[i - 1], y}, 1);
    }
    return at::tanh(levels_.front().up->forward(at::relu(y)).to(at::kFloat));
}

double UNetGenerator::macs_per_pixel() const {
    double sum = 0, pixels = 1; // of a position above the level
    for (const auto &level : levels_) {
        pixels *= 4;
        sum += (level.down->macs() + level.up->macs()) / pixels;
    }
    return sum;
}

} // namespace deblur
