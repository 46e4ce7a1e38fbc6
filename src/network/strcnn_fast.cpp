// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/strcnn_fast.h"

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kFine = 48;    // channels at quarter resolution
constexpr int64_t kTrunk = 96;   // channels at eighth resolution, of h_n
constexpr int64_t kFeature = 48; // channels of F_n
constexpr int64_t kFineScale = 4;
constexpr double kHeadGain =
    0.01; // as in strcnn.cpp: an untrained network leaves the picture alone

} // namespace

// The stem and the state's head are linear: a ReLU there can die at once and for good.
StrcnnFast::StrcnnFast(const NetworkConfig &config) : Network(config) {
    const int64_t pixels = 3 * window_frames() * kFineScale * kFineScale;
    stem_ = register_module("stem", std::make_shared<Conv>(pixels, kFine, 3));
    fine_encoder_ = register_module("fine_encoder", std::make_shared<ResidualStack>(kFine, 1));
    reduce_ = register_module("reduce", std::make_shared<Conv>(kFine, kTrunk - kFeature, 3, 2));
    encoder_ = register_module("encoder", std::make_shared<ResidualStack>(kTrunk, 3));
    blending_ = register_module("blending", std::make_shared<TemporalBlending>(kTrunk, 3));
    decoder_ = register_module("decoder", std::make_shared<ResidualStack>(kTrunk, 3));
    feature_head_ = register_module("feature_head", std::make_shared<Conv>(kTrunk, kFeature, 3));
    expand_ = register_module("expand", std::make_shared<Conv>(kTrunk, 4 * kFine, 1));
    fine_decoder_ = register_module("fine_decoder", std::make_shared<ResidualStack>(kFine, 1));
    latent_head_ = register_module(
        "latent_head", std::make_shared<Conv>(kFine, 3 * kFineScale * kFineScale, 3, 1, kHeadGain));
}

StepResult StrcnnFast::step(const torch::Tensor &window, const State &state) {
    const bool fresh = state.empty();
    const auto layout = at::MemoryFormat::ChannelsLast;
    auto x = at::pixel_unshuffle(window.to(compute_type()), kFineScale).contiguous(layout);
    const auto fine = fine_encoder_->forward(stem_->forward(x));
    x = reduce_->forward(fine);
    const auto previous =
        fresh ? at::zeros({x.size(0), kFeature, x.size(2), x.size(3)}, x.options()) : state[0];
    x = encoder_->forward(at::cat({x, previous}, 1).contiguous(layout));
    const auto blended = blending_->forward(x, fresh ? torch::Tensor() : state[1]);
    x = decoder_->forward(blended);

    StepResult result;
    result.state = {feature_head_->forward(x), blended};
    x = at::pixel_shuffle(expand_->forward(x), 2).contiguous(layout);
    x = latent_head_->forward(fine_decoder_->forward(fine + x));
    const auto head = at::pixel_shuffle(x.to(at::kFloat), kFineScale);
    result.correction = config().residual ? head : head - centre(window);
    return result;
}

double StrcnnFast::macs_per_pixel() const {
    const double quarter =
        stem_->macs() + fine_encoder_->macs() + fine_decoder_->macs() + latent_head_->macs();
    const double eighth = reduce_->macs() + encoder_->macs() + blending_->macs() +
                          decoder_->macs() + feature_head_->macs() + expand_->macs();
    return quarter / 16 + eighth / 64;
}

} // namespace deblur
