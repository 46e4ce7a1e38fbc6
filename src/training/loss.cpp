// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/loss.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "training/flow.h"

namespace deblur {

namespace {

torch::Tensor distance(const torch::Tensor &difference, const std::string &kind) {
    constexpr double kCharbonnierEpsilon = 1e-3;
    if (kind == "charbonnier")
        return (difference.square() + kCharbonnierEpsilon * kCharbonnierEpsilon).sqrt().mean();
    if (kind == "mse")
        return difference.square().mean();
    if (kind == "l1")
        return difference.abs().mean();
    throw std::invalid_argument("unknown loss '" + kind + "', valid are: charbonnier, mse, l1");
}

} // namespace

torch::Tensor restoration_loss(const torch::Tensor &restored, const torch::Tensor &sharp,
                               const LossOptions &options) {
    const auto difference = restored - sharp;
    auto loss = distance(difference, options.kind);
    if (options.frequency > 0) {
        const auto spectrum = at::fft_rfft2(difference, c10::nullopt, {-2, -1}, /*norm*/ "ortho");
        loss = loss + options.frequency * at::view_as_real(spectrum).abs().mean();
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
