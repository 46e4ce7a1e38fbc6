// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr_discriminator.h"

#include <cmath>

#include <ATen/ATen.h>

#include "network/brmr_graphs.h"
#include "network/padding.h"
#include "network/window.h"

namespace deblur {

namespace {

constexpr int64_t kStrides[] = {2, 2, 2, 1};
constexpr int64_t kMultiple = kDiscriminatorMultiple;

} // namespace

Discriminator::Discriminator(int64_t frames, int64_t width) {
    int64_t in = 3 * frames + 3, out = width;
    for (const int64_t stride : kStrides) {
        convs_.push_back(register_module("conv" + std::to_string(convs_.size() + 1),
                                         std::make_shared<Conv>(in, out, 4, stride)));
        in = out;
        out *= 2;
    }
    weight = register_parameter("weight", at::randn({2, in}) / std::sqrt(static_cast<double>(in)));
}

torch::Tensor Discriminator::seen(const torch::Tensor &window, const torch::Tensor &picture) const {
    auto parts = motion_view(window);
    parts.insert(parts.begin(), {middle_frame(window) * 2 - 1, picture * 2 - 1});
    return pad_to_multiple(at::cat(parts, 1), kMultiple);
}

Verdict Discriminator::judge(const torch::Tensor &window, const torch::Tensor &picture) const {
    auto f = seen(window, picture);
    const int64_t height = f.size(2), width = f.size(3);
    for (const auto &conv : convs_)
        f = at::leaky_relu(conv->forward(f), kLeak);
    const auto w = weight.to(at::kFloat);
    const auto scores = at::log_softmax(at::linear(f.mean({2, 3}), w), 1);
    const auto heat = at::conv2d(f, w.unsqueeze(2).unsqueeze(3));
    const auto upsampled = at::upsample_bilinear2d(heat, {height, width}, /*align_corners*/ false);
    return {scores.select(1, 0), scores.select(1, 1), crop(upsampled, picture.size(2), picture.size(3))};
}

double Discriminator::macs_per_pixel() const {
    double sum = 0, pixels = 1;
    for (size_t i = 0; i < convs_.size(); ++i) {
        pixels *= static_cast<double>(kStrides[i] * kStrides[i]);
        sum += convs_[i]->macs() / pixels;
    }
    return sum + static_cast<double>(weight.numel()) / pixels;
}

torch::Tensor blur_map(const Verdict &verdict) {
    return verdict.heat.narrow(1, 1, 1).sigmoid();
}

} // namespace deblur
