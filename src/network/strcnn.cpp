// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/strcnn.h"

#include <ATen/ATen.h>

#include "network/window.h"

namespace deblur {

namespace {

constexpr int64_t kTrunk = 64;   // channels of h_n
constexpr int64_t kFeature = 32; // channels of F_n
constexpr int64_t kBlocks = 4;   // residual blocks in encoder and decoder

// Start near "no correction": an untrained network must not disturb the picture much.
constexpr double kHeadGain = 0.01;

} // namespace

Strcnn::Strcnn(const NetworkConfig &config, StrcnnTraits traits)
    : Network(config), traits_(traits) {
    const int64_t reduced = traits.recurrent ? kTrunk - kFeature : kTrunk;
    stem_ = register_module("stem", std::make_shared<Conv>(3 * window_frames(), kTrunk, 5));
    reduce_ = register_module("reduce", std::make_shared<Conv>(kTrunk, reduced, 3, 2));
    encoder_ = register_module("encoder", std::make_shared<ResidualStack>(kTrunk, kBlocks));
    if (traits.blending)
        blending_ = register_module("blending", std::make_shared<TemporalBlending>(kTrunk, 5));
    decoder_ = register_module("decoder", std::make_shared<ResidualStack>(kTrunk, kBlocks));
    upsample_ = register_module("upsample", std::make_shared<Upsample2x>(kTrunk, kTrunk));
    latent_head_ =
        register_module("latent_head", std::make_shared<Conv>(kTrunk, 3, 3, 1, kHeadGain));
    if (traits.recurrent)
        feature_head_ =
            register_module("feature_head", std::make_shared<Conv>(kTrunk, kFeature, 3));
}

StepResult Strcnn::step(const torch::Tensor &window, const State &state) {
    const bool fresh = state.empty();
    auto x = at::relu(stem_->forward(window.to(compute_type())));
    x = at::relu(reduce_->forward(x));
    if (traits_.recurrent) {
        const auto previous =
            fresh ? at::zeros({x.size(0), kFeature, x.size(2), x.size(3)}, x.options()) : state[0];
        x = at::cat({x, previous}, 1).contiguous(x.suggest_memory_format());
    }
    x = encoder_->forward(x);
    if (traits_.blending)
        x = blending_->forward(x, fresh ? torch::Tensor() : state[1]);
    const auto blended = x;
    x = decoder_->forward(x);

    StepResult result;
    if (traits_.recurrent)
        result.state.push_back(at::relu(feature_head_->forward(x)));
    if (traits_.blending)
        result.state.push_back(blended);
    const auto head = latent_head_->forward(at::relu(upsample_->forward(x))).to(at::kFloat);
    result.correction = config().residual ? head : head - middle_frame(window);
    return result;
}

double Strcnn::macs_per_pixel() const {
    const double half = 0.25; // positions at half resolution per input pixel
    double sum = stem_->macs() + latent_head_->macs();
    sum += half * (reduce_->macs() + encoder_->macs() + decoder_->macs() + upsample_->macs());
    if (traits_.blending)
        sum += half * blending_->macs();
    if (traits_.recurrent)
        sum += half * feature_head_->macs();
    return sum;
}

} // namespace deblur
