// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/recurrent_unet.h"

#include <ATen/ATen.h>

#include "network/window.h"

namespace deblur {

namespace {

constexpr int64_t kHead = kRunetHead;
constexpr double kHeadGain = 0.01; // an untrained network leaves the picture alone
constexpr double kHeadShare = 0.5; // of each smaller size in the loss

} // namespace

RecurrentUnet::RecurrentUnet(const NetworkConfig &config, const RecurrentUnetSize &size)
    : Network(config), size_(size) {
    const auto conv = [this](const char *name, auto... arguments) {
        return register_module(name, std::make_shared<Conv>(arguments...));
    };
    const auto blocks = [this](const char *name, int64_t channels, int64_t count) {
        return register_module(
            name, std::make_shared<ResidualStack>(channels, count, BlockOutput::Linear));
    };
    stem_ = conv("stem", kHead * (window_frames() + 1), size.half, 3);
    to_quarter_ = conv("to_quarter", size.half, size.quarter, 3, 2);
    quarter_encoder_ = blocks("quarter_encoder", size.quarter, 1);
    to_eighth_ = conv("to_eighth", size.quarter, size.eighth, 3, 2);
    eighth_encoder_ = blocks("eighth_encoder", size.eighth, size.trunk);
    fuse_ = conv("fuse", size.eighth + size.feature, size.eighth, 3);
    blending_ = register_module("blending", std::make_shared<TemporalBlending>(size.eighth, 1));
    eighth_decoder_ = blocks("eighth_decoder", size.eighth, size.trunk);
    feature_head_ = conv("feature_head", size.eighth, size.feature, 1);
    from_eighth_ = conv("from_eighth", size.eighth, 4 * size.quarter, 1);
    quarter_decoder_ = blocks("quarter_decoder", size.quarter, size.quarter_decoder);
    from_quarter_ = conv("from_quarter", size.quarter, 4 * size.half, 1);
    half_decoder_ = blocks("half_decoder", size.half, 1);
    latent_head_ = conv("latent_head", size.half, kHead, 3, 1, kHeadGain);
    quarter_head_ = conv("quarter_head", size.eighth, kHead, 1, 1, kHeadGain);
    half_head_ = conv("half_head", size.quarter, kHead, 1, 1, kHeadGain);
}

StepResult RecurrentUnet::step(const torch::Tensor &window, const State &state) {
    const bool fresh = state.empty();
    const auto layout = at::MemoryFormat::ChannelsLast;
    const auto frames = at::pixel_unshuffle(window.to(compute_type()), 2);
    const auto zeros = [&](int64_t channels, const torch::Tensor &like) {
        return at::zeros({like.size(0), channels, like.size(2), like.size(3)}, like.options());
    };
    const auto last = fresh ? zeros(kHead, frames) : state[2];
    const auto half = stem_->forward(at::cat({frames, last}, 1).contiguous(layout));
    const auto quarter = quarter_encoder_->forward(to_quarter_->forward(half));
    auto x = eighth_encoder_->forward(to_eighth_->forward(quarter));
    const auto feature = fresh ? zeros(size_.feature, x) : shift_channels(state[0], kRunetShift);
    x = x + fuse_->forward(at::cat({x, feature}, 1).contiguous(layout));
    const auto blended = blending_->forward(x, fresh ? torch::Tensor() : state[1]);
    const auto trunk = eighth_decoder_->forward(blended);
    const auto middle = quarter_decoder_->forward(quarter + shuffle(from_eighth_->forward(trunk)));
    const auto fine = half_decoder_->forward(half + shuffle(from_quarter_->forward(middle)));
    const auto head = latent_head_->forward(fine);

    StepResult result;
    result.state = {at::tanh(feature_head_->forward(trunk)), blended, head};
    result.correction = at::pixel_shuffle(head.to(at::kFloat), 2);
    if (!config().residual)
        result.correction = result.correction - middle_frame(window);
    if (at::GradMode::is_enabled())
        result.outputs = {half_head_->forward(middle), quarter_head_->forward(trunk)};
    return result;
}

torch::Tensor RecurrentUnet::objective(const StepResult &result, const FrameTruth &truth) const {
    torch::Tensor sum;
    int64_t factor = 1;
    for (const auto &head : result.outputs) {
        factor *= 2;
        const auto smaller = [factor](const torch::Tensor &x) {
            return at::avg_pool2d(x, {factor, factor});
        };
        const auto restored = smaller(truth.blurry) + at::pixel_shuffle(head.to(at::kFloat), 2);
        const auto distance = kHeadShare * truth.distance(restored, smaller(truth.sharp));
        sum = sum.defined() ? sum + distance : distance;
    }
    return sum;
}

double RecurrentUnet::macs_per_pixel() const {
    const double half = stem_->macs() + half_decoder_->macs() + latent_head_->macs();
    const double quarter = to_quarter_->macs() + quarter_encoder_->macs() +
                           quarter_decoder_->macs() + from_quarter_->macs();
    const double eighth = to_eighth_->macs() + eighth_encoder_->macs() + fuse_->macs() +
                          blending_->macs() + eighth_decoder_->macs() + feature_head_->macs() +
                          from_eighth_->macs();
    return half / 4 + quarter / 16 + eighth / 64;
}

} // namespace deblur
