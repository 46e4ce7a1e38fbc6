// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/loss.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "training/flow.h"

namespace deblur {

namespace {

// The mean over everything; with weights, that of the clips' means by their weights.
torch::Tensor mean(const torch::Tensor &values, const torch::Tensor &weights) {
    return weights.defined() ? (values.flatten(1).mean(1) * weights).mean() : values.mean();
}

torch::Tensor distance(const torch::Tensor &difference, const std::string &kind, const torch::Tensor &weights = {}) {
    constexpr double kCharbonnierEpsilon = 1e-3;
    if (kind == "charbonnier")
        return mean((difference.square() + kCharbonnierEpsilon * kCharbonnierEpsilon).sqrt(), weights);
    if (kind == "mse")
        return mean(difference.square(), weights);
    if (kind == "l1")
        return mean(difference.abs(), weights);
    throw std::invalid_argument("unknown loss '" + kind + "', valid are: charbonnier, mse, l1");
}

} // namespace

torch::Tensor clip_weights(const torch::Tensor &blurry, const torch::Tensor &sharp) {
    constexpr double kOffset = 30.0 / (255 * 255), kTypical = 130.0 / (255 * 255); // square codes
    constexpr double kLeast = 0.3, kMost = 3;
    const auto error = (blurry - sharp).square().flatten(1).mean(1);
    return (kTypical / (error + kOffset)).clamp(kLeast, kMost);
}

torch::Tensor restoration_loss(const torch::Tensor &restored, const torch::Tensor &sharp,
                               const LossOptions &options, const torch::Tensor &weights) {
    const auto difference = restored - sharp;
    auto loss = distance(difference, options.kind, weights);
    if (options.frequency > 0) {
        const auto spectrum = at::fft_rfft2(difference, c10::nullopt, {-2, -1}, /*norm*/ "ortho");
        loss = loss + options.frequency * mean(at::view_as_real(spectrum).abs(), weights);
    }
    if (options.steadiness > 0)
        loss = loss + options.steadiness * unsteadiness(restored, sharp, options.kind);
    return loss;
}

torch::Tensor restraint(const torch::Tensor &restored, const torch::Tensor &blurry, const torch::Tensor &blur) {
    constexpr double kSharp = 0.5; // pixels of path per exposure, below which nothing is to be corrected
    return ((restored - blurry).abs() * (blur < kSharp)).mean();
}

torch::Tensor unsteadiness(const torch::Tensor &restored, const torch::Tensor &sharp, const std::string &kind) {
    const int64_t changes = sharp.size(1) - 1;
    if (changes < 1)
        return at::zeros({}, sharp.options());
    const auto now = [&](const torch::Tensor &clips) { return clips.narrow(1, 1, changes).flatten(0, 1); };
    const auto before = [&](const torch::Tensor &clips) { return clips.narrow(1, 0, changes).flatten(0, 1); };
    const auto motion = true_motion(now(sharp), before(sharp));
    const auto error = restored - sharp;
    return distance((now(error) - warp(before(error), motion.flow)) * motion.visible, kind);
}

} // namespace deblur
