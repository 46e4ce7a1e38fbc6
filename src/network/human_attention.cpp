// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/human_attention.h"

#include <ATen/ATen.h>

#include "network/window.h"

namespace deblur {

namespace {

constexpr int64_t kKernel = 5;
constexpr double kMapGain = 0.02;
constexpr double kPrior = -1.4; // logit of a fifth: untrained, it knows how much of a picture people are

} // namespace

HumanAttention::HumanAttention(int64_t frames, int64_t width) {
    const int64_t channels[] = {3 * frames + 1, width, 2 * width, 4 * width}, back[] = {4 * width, 2 * width, width, width};
    for (size_t i = 0; i < 3; ++i) {
        const auto number = std::to_string(i);
        down_.push_back(
            register_module("down" + number, std::make_shared<Conv>(channels[i], channels[i + 1], kKernel)));
        up_.push_back(register_module("up" + number, std::make_shared<Upsample2x>(back[i], back[i + 1])));
    }
    head_ = register_module("head", std::make_shared<Conv>(width, 1, 1, 1, kMapGain));
    torch::NoGradGuard no_grad;
    head_->bias.fill_(kPrior);
}

torch::Tensor HumanAttention::forward(const torch::Tensor &window, const torch::Tensor &coarser,
                                      at::ScalarType type) const {
    auto seen = motion_view(window);
    seen.push_back(middle_frame(window));
    const int64_t height = window.size(2), width = window.size(3);
    seen.push_back(coarser.defined() ? at::upsample_bilinear2d(coarser.to(window.scalar_type()), {height, width}, false)
                                     : at::full_like(window.narrow(1, 0, 1), 0.5));
    auto x = at::cat(seen, 1).contiguous(at::MemoryFormat::ChannelsLast).to(type);
    for (const auto &conv : down_)
        x = at::max_pool2d(at::relu(conv->forward(x)), {2, 2});
    for (const auto &up : up_)
        x = at::relu(up->forward(x));
    return at::sigmoid(head_->forward(x));
}

double HumanAttention::macs_per_pixel() const {
    double sum = head_->macs();
    for (size_t i = 0; i < 3; ++i) {
        const double down = 1 << i, up = 8 >> i; // pixels along a position's side
        sum += down_[i]->macs() / (down * down) + up_[i]->macs() / (up * up);
    }
    return sum;
}

} // namespace deblur
