// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/human.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "network/window.h"

namespace deblur {

namespace {

constexpr int64_t kPaperWidth = 32;
constexpr int64_t kUnits = 3; // residual units in a row
constexpr int64_t kNarrowestAttention = 16; // channels: what tells people from the rest does not shrink with the network
constexpr double kHeadGain = 0.002; // an untrained network leaves the picture nearly alone

// Of squared errors: near 0.05, where errors of pictures lie, their gradient is then that of the trainer's Charbonnier.
constexpr double kPictureWeight = 10;

int64_t width_of(const NetworkConfig &config) {
    return config.width > 0 ? config.width : kPaperWidth;
}

torch::Tensor channels_last(const torch::Tensor &x) {
    return x.contiguous(at::MemoryFormat::ChannelsLast);
}

torch::Tensor shrunk(const torch::Tensor &x, int64_t factor) {
    return factor == 1 ? x : at::avg_pool2d(x, {factor, factor});
}

// G of a scale: that is 2^scale times smaller.
torch::Tensor people(const FrameTruth &truth, int scale) {
    return shrunk((truth.foreground > 0.5).to(at::kFloat), int64_t{1} << scale);
}

} // namespace

HumanEncoder::HumanEncoder(int64_t channels, int64_t width) {
    for (int i = 0; i < 3; ++i) {
        const auto number = std::to_string(i);
        const int64_t out = width << i, in = i == 0 ? channels : out / 2;
        reduce_.push_back(
            register_module("reduce" + number, std::make_shared<Conv>(in, out, 5, i == 0 ? 1 : 2)));
        units_.push_back(register_module(
            "units" + number, std::make_shared<ResidualStack>(out, kUnits, BlockOutput::Linear)));
    }
}

HumanFeatures HumanEncoder::forward(const torch::Tensor &x) const {
    HumanFeatures features;
    for (size_t i = 0; i < 3; ++i)
        features[i] = units_[i]->forward(reduce_[i]->forward(i == 0 ? x : features[i - 1]));
    return features;
}

double HumanEncoder::macs_per_pixel() const {
    double sum = 0;
    for (size_t i = 0; i < 3; ++i)
        sum += (reduce_[i]->macs() + units_[i]->macs()) / static_cast<double>(1 << 2 * i);
    return sum;
}

HumanDecoder::HumanDecoder(int64_t width, bool fuses) {
    for (size_t l = 1; l <= kBlocks; ++l) {
        const auto number = std::to_string(l);
        const int64_t channels = width << (kBlocks - l);
        if (fuses)
            fuse_.push_back(register_module("fuse" + number, std::make_shared<Conv>(3 * channels, channels, 1)));
        units_.push_back(register_module(
            "units" + number, std::make_shared<ResidualStack>(channels, kUnits, BlockOutput::Linear)));
        if (l < kBlocks)
            up_.push_back(
                register_module("up" + number, std::make_shared<Upsample2x>(channels, channels / 2)));
    }
}

torch::Tensor HumanDecoder::block(size_t l, const torch::Tensor &previous, const HumanFeatures &shortcuts) const {
    auto x = fuse_.empty() ? previous : fuse_[l - 1]->forward(previous);
    x = units_[l - 1]->forward(x);
    if (l == kBlocks)
        return x;
    return up_[l - 1]->forward(x) + shortcuts[kBlocks - 1 - l];
}

double HumanDecoder::macs_per_pixel(size_t blocks) const {
    double sum = 0;
    for (size_t l = 1; l <= blocks; ++l) {
        double macs = units_[l - 1]->macs() + (fuse_.empty() ? 0 : fuse_[l - 1]->macs());
        if (l < kBlocks)
            macs += up_[l - 1]->macs();
        sum += macs / static_cast<double>(1 << 2 * (kBlocks - l));
    }
    return sum;
}

HumanAware::HumanAware(const NetworkConfig &config, HumanTraits traits) : Network(config), traits_(traits) {
    const int64_t width = width_of(config);
    if (traits.attention)
        attention_ = register_module(
            "attention", std::make_shared<HumanAttention>(window_frames(), std::max(width, kNarrowestAttention)));
    encoder_ = register_module("encoder", std::make_shared<HumanEncoder>(3 * window_frames() + 3, width));
    foreground_ = register_module("foreground", std::make_shared<HumanDecoder>(width, false));
    background_ = register_module("background", std::make_shared<HumanDecoder>(width, false));
    primary_ = register_module("primary", std::make_shared<HumanDecoder>(width, true));
    const auto head = [&](const char *name) {
        return register_module(name, std::make_shared<Conv>(width, 3, 5, 1, kHeadGain));
    };
    foreground_head_ = head("foreground_head");
    background_head_ = head("background_head");
    latent_head_ = head("latent_head");
}

HumanAware::Scale HumanAware::compute(const torch::Tensor &window, const torch::Tensor &previous,
                                      const torch::Tensor &coarser) const {
    const auto blurry = middle_frame(window);
    const auto features = encoder_->forward(channels_last(at::cat({window, previous}, 1)).to(compute_type()));
    const auto &h = features.back();
    Scale scale;
    auto fg = h, bg = h, pri = h; // D^0
    if (traits_.attention) {
        const auto a = attention_->forward(window, coarser, compute_type());
        const auto small = at::avg_pool2d(a, {4, 4});
        fg = h * small; // Eqs. 5 and 6
        bg = h * (1 - small);
        scale.attention = a.to(at::kFloat);
    }
    const auto picture = [&](const Conv &head, const torch::Tensor &d) {
        const auto output = head.forward(d).to(at::kFloat);
        return config().residual ? blurry + output : output;
    };
    const bool all = at::GradMode::is_enabled() || traits_.output != HumanTraits::Output::Primary;
    for (size_t l = 1; l <= HumanDecoder::kBlocks; ++l) {
        const auto fused = channels_last(at::cat({fg, bg, pri}, 1));
        if (l < HumanDecoder::kBlocks || all) {
            fg = foreground_->block(l, fg, features);
            bg = background_->block(l, bg, features);
        }
        pri = primary_->block(l, fused, features); // Eq. 9
    }
    scale.primary = picture(*latent_head_, pri); // Eq. 10
    if (all) {
        scale.foreground = picture(*foreground_head_, fg);
        scale.background = picture(*background_head_, bg);
    }
    return scale;
}

const torch::Tensor &HumanAware::output_of(const Scale &scale) const {
    switch (traits_.output) {
    case HumanTraits::Output::Foreground:
        return scale.foreground;
    case HumanTraits::Output::Background:
        return scale.background;
    default:
        return scale.primary;
    }
}

StepResult HumanAware::step(const torch::Tensor &window, const State &) {
    StepResult result;
    torch::Tensor previous;
    for (int s = traits_.scales - 1; s >= 0; --s) {
        const auto frames = shrunk(window, int64_t{1} << s);
        previous = previous.defined()
                       ? at::upsample_bilinear2d(previous, {frames.size(2), frames.size(3)}, false)
                       : middle_frame(frames);
        const auto scale = compute(frames, previous, result.map);
        previous = output_of(scale);
        result.map = scale.attention;
        if (at::GradMode::is_enabled())
            for (const auto &output : {scale.primary, scale.foreground, scale.background, scale.attention})
                result.outputs.push_back(output);
    }
    result.correction = previous - middle_frame(window);
    return result;
}

torch::Tensor HumanAware::pretraining(const torch::Tensor &window, const FrameTruth &truth) const {
    torch::Tensor sum, a;
    if (!traits_.attention)
        return sum;
    for (int s = traits_.scales - 1; s >= 0; --s) {
        a = attention_->forward(shrunk(window, int64_t{1} << s), a, compute_type()).to(at::kFloat);
        const auto loss = (people(truth, s) - a).square().mean(); // Eq. 4
        sum = sum.defined() ? sum + loss : loss;
    }
    return sum;
}

torch::Tensor HumanAware::objective(const StepResult &result, const FrameTruth &truth) const {
    torch::Tensor sum;
    auto output = result.outputs.begin();
    for (int s = traits_.scales - 1; s >= 0; --s) {
        const auto sharp = shrunk(truth.sharp, int64_t{1} << s), g = people(truth, s);
        const auto primary = *output++, foreground = *output++, background = *output++, a = *output++;
        const auto pictures = (g * (sharp - foreground).square()).mean() +       // Eq. 8
                              ((1 - g) * (sharp - background).square()).mean() + //
                              (sharp - primary).square().mean();                 // Eq. 11
        auto loss = kPictureWeight * pictures;
        if (a.defined())
            loss = loss + (g - a).square().mean(); // Eq. 4
        sum = sum.defined() ? sum + loss : loss;
    }
    return sum;
}

double HumanAware::macs_per_pixel() const {
    // The last block of a branch is for training alone, or for its own picture, whose head is like the other heads.
    constexpr size_t kBlocks = HumanDecoder::kBlocks;
    const bool all = traits_.output != HumanTraits::Output::Primary;
    const double branch = foreground_->macs_per_pixel(all ? kBlocks : kBlocks - 1);
    double once = encoder_->macs_per_pixel() + 2 * branch + primary_->macs_per_pixel(kBlocks) + latent_head_->macs();
    if (traits_.attention)
        once += attention_->macs_per_pixel();
    double sum = 0;
    for (int s = 0; s < traits_.scales; ++s)
        sum += once / static_cast<double>(1 << 2 * s);
    return sum;
}

} // namespace deblur
