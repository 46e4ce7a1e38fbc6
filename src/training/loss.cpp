// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/loss.h"

#include <stdexcept>

#include <ATen/ATen.h>

namespace deblur {

torch::Tensor restoration_loss(const torch::Tensor &restored, const torch::Tensor &sharp,
                               const LossOptions &options) {
    constexpr double kCharbonnierEpsilon = 1e-3;
    const auto difference = restored - sharp;
    torch::Tensor loss;
    if (options.kind == "charbonnier")
        loss = (difference.square() + kCharbonnierEpsilon * kCharbonnierEpsilon).sqrt().mean();
    else if (options.kind == "mse")
        loss = difference.square().mean();
    else if (options.kind == "l1")
        loss = difference.abs().mean();
    else
        throw std::invalid_argument("unknown loss '" + options.kind +
                                    "', valid are: charbonnier, mse, l1");
    if (options.frequency > 0) {
        const auto spectrum = at::fft_rfft2(difference, c10::nullopt, {-2, -1}, /*norm*/ "ortho");
        loss = loss + options.frequency * at::view_as_real(spectrum).abs().mean();
    }
    return loss;
}

torch::Tensor restraint(const torch::Tensor &restored, const torch::Tensor &blurry, const torch::Tensor &blur) {
    constexpr double kSharp = 0.5; // pixels of path per exposure, below which nothing is to be corrected
    return ((restored - blurry).abs() * (blur < kSharp)).mean();
}

} // namespace deblur
