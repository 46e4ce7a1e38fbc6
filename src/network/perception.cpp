// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/perception.h"

#include <ATen/ATen.h>

#include "network/padding.h"
#include "network/perception_graph.h"

namespace deblur {

namespace {

constexpr int64_t kShrink = kPerceptionShrink, kMultiple = kPerceptionMultiple;
constexpr int64_t kFine = 32, kCoarse = 64; // channels at a quarter, and below

// A map of 1/2 everywhere at first, which lets every correction through.
constexpr double kHeadGain = 0.01;

} // namespace

BlurPerception::BlurPerception(int64_t frames) {
    const auto conv = [this](const char *name, auto... arguments) {
        return register_module(name, std::make_shared<Conv>(arguments...));
    };
    const auto block = [this](const char *name, int64_t channels) {
        return register_module(name, std::make_shared<ResidualStack>(channels, 1, BlockOutput::Linear));
    };
    stem_ = conv("stem", 3 * kShrink * kShrink * frames, kFine, 3);
    reduce_ = conv("reduce", kFine, kCoarse, 3, 2);
    encoder_ = block("encoder", kCoarse);
    reduce_deep_ = conv("reduce_deep", kCoarse, kCoarse, 3, 2);
    deep_ = register_module("deep", std::make_shared<ResidualStack>(kCoarse, 2, BlockOutput::Linear));
    expand_deep_ = conv("expand_deep", kCoarse, 4 * kCoarse, 1);
    decoder_ = block("decoder", kCoarse);
    expand_ = conv("expand", kCoarse, 4 * kFine, 1);
    fine_decoder_ = block("fine_decoder", kFine);
    head_ = conv("head", kFine, 1, 3, 1, kHeadGain);
}

torch::Tensor BlurPerception::forward(const torch::Tensor &window) const {
    const int64_t height = window.size(2), width = window.size(3);
    const auto padded = pad_to_multiple(window, kMultiple);
    const auto fine = at::relu(stem_->forward(
        at::pixel_unshuffle(padded, kShrink).contiguous(at::MemoryFormat::ChannelsLast)));
    const auto coarse = encoder_->forward(reduce_->forward(fine));
    auto x = deep_->forward(reduce_deep_->forward(coarse));
    x = decoder_->forward(coarse + shuffle(expand_deep_->forward(x)));
    x = fine_decoder_->forward(fine + shuffle(expand_->forward(x)));
    const auto logits = at::upsample_bilinear2d(head_->forward(x).to(at::kFloat), {padded.size(2), padded.size(3)},
                                                /*align_corners*/ false);
    return at::sigmoid(crop(logits, height, width));
}

double BlurPerception::macs_per_pixel() const {
    const double quarter = stem_->macs() + fine_decoder_->macs() + head_->macs();
    const double eighth = reduce_->macs() + encoder_->macs() + decoder_->macs() + expand_->macs();
    const double sixteenth = reduce_deep_->macs() + deep_->macs() + expand_deep_->macs();
    return quarter / 16 + eighth / 64 + sixteenth / 256;
}

torch::Tensor perception_loss(const torch::Tensor &map, const torch::Tensor &blur) {
    return at::binary_cross_entropy(map, (blur / BlurPerception::kFullBlur).clamp(0, 1));
}

torch::Tensor local_gate(const torch::Tensor &map) {
    return ((map - kGateClosed) / (kGateOpen - kGateClosed)).clamp(0, 1);
}

} // namespace deblur
