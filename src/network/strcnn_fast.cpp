// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/strcnn_fast.h"

#include <ATen/ATen.h>

#include "network/window.h"

namespace deblur {

namespace {

constexpr int64_t kFeature = 32; // channels of F_n

// As in strcnn.cpp: an untrained network leaves the picture alone.
constexpr double kHeadGain = 0.01;

} // namespace

// Nothing but the inside of a block has a ReLU, which could die at once and for good. The tanh keeps
// the feedback F bounded over any length of clip.
StrcnnFast::StrcnnFast(const NetworkConfig &config) : Network(config) {
    constexpr int64_t kFine = kChannels[Half], kMiddle = kChannels[Quarter], kTrunk = kChannels[Eighth];
    const auto conv = [this](const char *name, auto... arguments) {
        return register_module(name, std::make_shared<Conv>(arguments...));
    };
    const auto block = [this](const char *name, int64_t channels) {
        return register_module(name,
                               std::make_shared<ResidualStack>(channels, 1, BlockOutput::Linear));
    };
    stem_ = conv("stem", 12 * window_frames(), kFine, 3);
    reduce_middle_ = conv("reduce_middle", kFine, kMiddle, 3, 2);
    middle_encoder_ = block("middle_encoder", kMiddle);
    reduce_ = conv("reduce", kMiddle, kTrunk - kFeature, 3, 2);
    encoder_ = block("encoder", kTrunk);
    blending_ = register_module("blending", std::make_shared<TemporalBlending>(kTrunk, 3));
    decoder_ = block("decoder", kTrunk);
    feature_head_ = conv("feature_head", kTrunk, kFeature, 3);
    expand_ = conv("expand", kTrunk, 4 * kMiddle, 1);
    middle_decoder_ = block("middle_decoder", kMiddle);
    expand_middle_ = conv("expand_middle", kMiddle, 4 * kFine, 1);
    fine_decoder_ = block("fine_decoder", kFine);
    latent_head_ = conv("latent_head", kFine, 12, 3, 1, kHeadGain);
}

StepResult StrcnnFast::step(const torch::Tensor &window, const State &state) {
    return modulated_step(window, state, [](Level, const torch::Tensor &features) { return features; });
}

StepResult StrcnnFast::modulated_step(const torch::Tensor &window, const State &state,
                                      const Modulation &modulation) const {
    const bool fresh = state.empty();
    const auto layout = at::MemoryFormat::ChannelsLast;
    const auto fine =
        stem_->forward(at::pixel_unshuffle(window.to(compute_type()), 2).contiguous(layout));
    const auto middle = middle_encoder_->forward(reduce_middle_->forward(fine));
    auto x = reduce_->forward(middle);
    const auto previous =
        fresh ? at::zeros({x.size(0), kFeature, x.size(2), x.size(3)}, x.options()) : state[0];
    x = encoder_->forward(at::cat({x, previous}, 1).contiguous(layout));
    const auto blended = blending_->forward(x, fresh ? torch::Tensor() : state[1]);
    x = decoder_->forward(modulation(Eighth, blended));

    StepResult result;
    result.state = {at::tanh(feature_head_->forward(x)), blended};
    x = middle_decoder_->forward(modulation(Quarter, middle + shuffle(expand_->forward(x))));
    x = fine_decoder_->forward(modulation(Half, fine + shuffle(expand_middle_->forward(x))));
    const auto head = at::pixel_shuffle(latent_head_->forward(x).to(at::kFloat), 2);
    result.correction = config().residual ? head : head - middle_frame(window);
    return result;
}

double StrcnnFast::macs_per_pixel() const {
    const double half = stem_->macs() + fine_decoder_->macs() + latent_head_->macs();
    const double quarter = reduce_middle_->macs() + middle_encoder_->macs() +
                           middle_decoder_->macs() + expand_middle_->macs();
    const double eighth = reduce_->macs() + encoder_->macs() + blending_->macs() +
                          decoder_->macs() + feature_head_->macs() + expand_->macs();
    return half / 4 + quarter / 16 + eighth / 64;
}

} // namespace deblur
