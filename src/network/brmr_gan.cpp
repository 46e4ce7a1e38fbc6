// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr_gan.h"

#include <ATen/ATen.h>

#include "network/padding.h"
#include "network/perception.h"
#include "network/window.h"

namespace deblur {

ConditionalGan::ConditionalGan(int64_t frames, int64_t width, int64_t levels, bool residual)
    : generator_(register_module("generator", std::make_shared<UNetGenerator>(3 * frames, width, levels, !residual))),
      discriminator_(register_module("discriminator", std::make_shared<Discriminator>(frames, width))),
      residual_(residual) {}

torch::Tensor ConditionalGan::restore(const torch::Tensor &window, at::ScalarType type) const {
    const auto seen = pad_to_multiple(window, generator_->multiple()).to(type).mul(2).sub(1);
    const auto made = crop(generator_->forward(seen), window.size(2), window.size(3));
    return residual_ ? middle_frame(window) + made : (made + 1) / 2;
}

torch::Tensor ConditionalGan::discriminator_loss(const torch::Tensor &window, const torch::Tensor &sharp,
                                                 const torch::Tensor &restored, const torch::Tensor &blur) const {
    const auto blurry = middle_frame(window);
    const auto of_blurry = judge(window, blurry), of_sharp = judge(window, sharp), of_restored = judge(window, restored);
    const auto still = blur * remaining_error(restored, blurry, sharp);
    const auto maps = (perception_loss(blur_map(of_blurry), blur) + perception_loss(blur_map(of_restored), still)) / 2 +
                      perception_loss(blur_map(of_sharp), at::zeros_like(blur));
    return maps - (of_sharp.sharp + (of_restored.blurred + of_blurry.blurred) / 2).mean();
}

torch::Tensor remaining_error(const torch::Tensor &restored, const torch::Tensor &blurry, const torch::Tensor &sharp) {
    constexpr int64_t kSide = 17;
    constexpr double kCode = 1.0 / 255; // where the two differ by less, nothing is known of the rest
    const auto square = [&](const torch::Tensor &picture) {
        const auto error = (picture - sharp).square().mean(1, true);
        return at::avg_pool2d(error, {kSide, kSide}, {1, 1}, {kSide / 2, kSide / 2}) + kCode * kCode;
    };
    return (square(restored) / square(blurry)).sqrt().clamp(0, 1);
}

torch::Tensor ConditionalGan::generator_loss(const torch::Tensor &window, const torch::Tensor &restored) const {
    return -judge(window, restored).sharp.mean() / kL1Weight;
}

} // namespace deblur
