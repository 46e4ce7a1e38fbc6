// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/layers.h"

#include <cmath>

#include <ATen/ATen.h>

namespace deblur {

namespace {

torch::Tensor he_normal(at::IntArrayRef shape, int64_t fan_in, double gain) {
    return at::randn(shape, at::kFloat).mul_(gain * std::sqrt(2.0 / static_cast<double>(fan_in)));
}

} // namespace

Conv::Conv(int64_t in, int64_t out, int64_t kernel, int64_t stride, double gain, Bias with) : stride_(stride) {
    weight = register_parameter("weight",
                                he_normal({out, in, kernel, kernel}, in * kernel * kernel, gain));
    if (with == Bias::Yes)
        bias = register_parameter("bias", at::zeros({out}));
}

torch::Tensor Conv::forward(const torch::Tensor &x) const {
    const int64_t padding = (weight.size(2) - 1) / 2;
    return at::conv2d(x, weight.to(x.scalar_type()), bias.defined() ? bias.to(x.scalar_type()) : bias,
                      {stride_, stride_}, {padding, padding});
}

double Conv::macs() const {
    return static_cast<double>(weight.numel());
}

Upsample2x::Upsample2x(int64_t in, int64_t out, Bias with) {
    weight = register_parameter("weight", he_normal({in, out, 4, 4}, 4 * in, 1.0));
    if (with == Bias::Yes)
        bias = register_parameter("bias", at::zeros({out}));
}

torch::Tensor Upsample2x::forward(const torch::Tensor &x) const {
    const int64_t in = weight.size(0), out = weight.size(1);
    const int64_t batch = x.size(0), height = x.size(2), width = x.size(3);

    // Output row 2i takes taps (3, 1) of input rows (i-1, i); row 2i+1 takes (2, 0) of (i, i+1).
    static const std::vector<int64_t> taps{3, 1, 2, 0};
    const auto order = at::tensor(taps, at::TensorOptions(at::kLong).device(weight.device()));
    const auto phases =
        weight.to(x.scalar_type())
            .index_select(2, order)
            .index_select(3, order)
            .view({in, out, 2, 2, 2, 2}) // in, out, row phase, tap, column phase, tap
            .permute({2, 4, 1, 0, 3, 5}) // phases, out, in, taps
            .reshape({4 * out, in, 2, 2});
    const auto y = at::conv2d(x, phases, bias.defined() ? bias.to(x.scalar_type()).repeat(4) : bias, {1, 1}, {1, 1})
                       .permute({0, 2, 3, 1})
                       .reshape({batch, height + 1, width + 1, 2, 2, out});

    // Interleaved with the channels innermost, in runs of whole pixels.
    std::vector<torch::Tensor> rows;
    for (int64_t row = 0; row < 2; ++row) {
        const auto of_row = y.select(3, row).narrow(1, row, height);
        rows.push_back(at::stack(
            {of_row.select(3, 0).narrow(2, 0, width), of_row.select(3, 1).narrow(2, 1, width)}, 3));
    }
    return at::stack(rows, 2)
        .view({batch, 2 * height, 2 * width, out})
        .permute({0, 3, 1, 2})
        .contiguous(x.suggest_memory_format());
}

double Upsample2x::macs() const {
    return static_cast<double>(weight.numel());
}

ResidualBlock::ResidualBlock(int64_t channels, BlockOutput output)
    // A small second convolution starts the block near the identity.
    : first_(register_module("conv1", std::make_shared<Conv>(channels, channels, 3))),
      second_(register_module("conv2", std::make_shared<Conv>(channels, channels, 3, 1, 0.1))),
      output_(output) {}

torch::Tensor ResidualBlock::forward(const torch::Tensor &x) const {
    const auto sum = x + second_->forward(at::relu(first_->forward(x)));
    return output_ == BlockOutput::Relu ? at::relu(sum) : sum;
}

double ResidualBlock::macs() const {
    return first_->macs() + second_->macs();
}

ResidualStack::ResidualStack(int64_t channels, int64_t count, BlockOutput output) {
    for (int64_t i = 0; i < count; ++i)
        blocks_.push_back(
            register_module(std::to_string(i), std::make_shared<ResidualBlock>(channels, output)));
}

torch::Tensor ResidualStack::forward(torch::Tensor x) const {
    for (const auto &block : blocks_)
        x = block->forward(x);
    return x;
}

double ResidualStack::macs() const {
    double sum = 0;
    for (const auto &block : blocks_)
        sum += block->macs();
    return sum;
}

TemporalBlending::TemporalBlending(int64_t channels, int64_t kernel)
    // Small at first: where |tanh| + beta reaches one, no gradient passes.
    : compare_(register_module("compare",
                               std::make_shared<Conv>(2 * channels, channels, kernel, 1, 0.05))) {
    beta = register_parameter("beta", at::full({}, 0.5));
}

torch::Tensor TemporalBlending::blend_weights(const torch::Tensor &current,
                                              const torch::Tensor &previous) const {
    const auto difference = compare_->forward(at::cat({previous, current}, 1));
    const auto bias = beta.clamp(0.0, 1.0).to(difference.scalar_type());
    return (difference.tanh().abs() + bias).clamp_max(1.0);
}

torch::Tensor TemporalBlending::forward(const torch::Tensor &current,
                                        const torch::Tensor &previous) const {
    if (!previous.defined())
        return current;
    return at::lerp(previous, current, blend_weights(current, previous));
}

double TemporalBlending::macs() const {
    return compare_->macs();
}

torch::Tensor shuffle(const torch::Tensor &x) {
    return at::pixel_shuffle(x, 2).contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace deblur
