// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/graph_runner.h"

#include <algorithm>
#include <stdexcept>

#include <ATen/ATen.h>

#include "inference/receptive_field.h"
#include "network/padding.h"
#include "network/parameters.h"

namespace deblur {

using torch::Tensor;
using Kind = Graph::Kind;

namespace {

int64_t filled_up(int64_t channels) {
    return round_up(channels, 8);
}

// Zeros at the end of a dimension.
Tensor extend(const Tensor &x, int64_t dim, int64_t length) {
    if (x.size(dim) == length)
        return x;
    auto sizes = x.sizes().vec();
    sizes[dim] = length - x.size(dim);
    return at::cat({x, at::zeros(sizes, x.options())}, dim);
}

} // namespace

void RunnerMemory::reset() {
    for (auto &map : maps)
        map.zero_();
    fresh.fill_(1);
}

GraphRunner::GraphRunner(const Network &network, at::Device device, at::ScalarType type,
                         const TensorOps &ops)
    : graph_(network.graph()), options_(at::TensorOptions(device).dtype(type)), ops_(ops),
      multiple_(network.size_multiple()), frames_(network.window_frames()), halo_(receptive_halo(graph_, static_cast<int>(multiple_))) {
    const at::NoGradGuard no_grad;
    prepare_layers(network);
    prepare_order();
}

void GraphRunner::add_conv(const std::string &module, const Tensor &weight, const Tensor &bias,
                           int64_t stride, int64_t padding) {
    convs_[module] = {weight.to(options_).contiguous(at::MemoryFormat::ChannelsLast),
                      bias.to(options_).contiguous(), stride, padding};
}

// The deconvolution as the 2x2 convolution to its four phases (Upsample2x), which lie side by side as
// channels: cell (j, k) has rows 2j - r and columns 2k - c of the upsampled map for phases r and c. The 3x3
// convolution reads two by two cells for the two by two pixels of its output.
void GraphRunner::add_up_conv(const Graph::Node &up, const std::map<std::string, Tensor> &parameters) {
    const auto parameter = [&](const std::string &name) {
        return parameters.at(name).detach().to(at::kCPU, at::kFloat);
    };
    const Tensor weight = parameter(up.module + ".weight"), bias = parameter(up.module + ".bias");
    const int64_t in = weight.size(0), out = weight.size(1);
    const auto order = at::tensor({3, 1, 2, 0}, at::kLong);
    const Tensor phases = weight.index_select(2, order)
                              .index_select(3, order)
                              .view({in, out, 2, 2, 2, 2}) // in, out, r, tap, c, tap
                              .permute({2, 4, 1, 0, 3, 5})
                              .reshape({4 * out, in, 2, 2});
    add_conv(up.module, phases, bias.repeat(4), 1, 1);

    const Tensor head = parameter(up.head + ".weight"), head_bias = parameter(up.head + ".bias");
    const int64_t colours = head.size(0);
    auto cells = at::zeros({colours, 2, 2, 2, 2, out, 2, 2}); // pixel (a, b); r, c; cell (j, k)
    const auto tap_of = [](int64_t cell, int64_t phase, int64_t pixel) {
        return 2 * cell - phase - pixel + 1;
    };
    for (int64_t i = 0; i < 64; ++i) {
        const int64_t a = i & 1, b = i >> 1 & 1, r = i >> 2 & 1, c = i >> 3 & 1, j = i >> 4 & 1,
                      k = i >> 5;
        const int64_t y = tap_of(j, r, a), x = tap_of(k, c, b);
        if (y >= 0 && y < 3 && x >= 0 && x < 3)
            cells.select(7, k).select(6, j).select(4, c).select(3, r).select(2, b).select(1, a).copy_(
                head.select(3, x).select(2, y));
    }
    add_conv(up.head,
             extend(cells.reshape({4 * colours, 4 * out, 2, 2}), 0, filled_up(4 * colours)),
             extend(head_bias.repeat_interleave(4), 0, filled_up(4 * colours)), 1, 0);
}

void GraphRunner::prepare_layers(const Network &network) {
    const auto parameters = named_parameters(network);
    const auto count = graph_.nodes.size();
    channels_.resize(count);
    factors_.resize(count);
    for (size_t i = 0; i < count; ++i) {
        const auto &n = graph_.nodes[i];
        const auto in = n.first == Graph::kNone ? 0 : channels_[n.first];
        const auto factor = n.first == Graph::kNone ? n.factor : factors_[n.first];
        channels_[i] = in;
        factors_[i] = factor;
        const auto conv = [&](const std::string &module, int64_t stride) {
            Tensor weight = parameters.at(module + ".weight").detach();
            Tensor bias = parameters.at(module + ".bias").detach();
            channels_[i] = weight.size(0);
            if (static_cast<Graph::Value>(i) == graph_.head) {
                channels_[i] = filled_up(weight.size(0));
                weight = extend(weight, 0, channels_[i]);
                bias = extend(bias, 0, channels_[i]);
            }
            if (node(n.first).kind == Kind::Input)
                weight = extend(weight, 1, channels_[n.first]);
            add_conv(module, weight, bias, stride, weight.size(2) / 2);
        };
        switch (n.kind) {
        case Kind::Input:
            windows_.push_back(static_cast<Graph::Value>(i));
            channels_[i] = filled_up(3 * frames_ * n.factor * n.factor);
            break;
        case Kind::State:
            channels_[i] = n.channels;
            break;
        case Kind::Conv:
            conv(n.module, n.stride);
            factors_[i] = factor * n.stride;
            break;
        case Kind::Concat:
            channels_[i] = in + channels_[n.second];
            break;
        case Kind::Blend:
            conv(n.module + ".compare", 1);
            betas_[n.module] = parameters.at(n.module + ".beta")
                                   .detach()
                                   .to(options_.dtype(at::kFloat))
                                   .clamp(0, 1);
            break;
        case Kind::UpConv:
            add_up_conv(n, parameters);
            channels_[i] = convs_.at(n.head).weight.size(0);
            break;
        case Kind::ShuffleAdd:
            channels_[i] = in / 4;
            factors_[i] = factor / 2;
            break;
        default:
            throw std::logic_error("a graph of more kinds of nodes than LibTorch's implementation has");
        }
    }
}

void GraphRunner::prepare_order() {
    const auto count = graph_.nodes.size();
    std::vector<bool> is_ahead(count);
    for (size_t i = 0; i < count; ++i) {
        const auto &n = graph_.nodes[i];
        is_ahead[i] = n.kind != Kind::State && (n.first == Graph::kNone || is_ahead[n.first]) &&
                      (n.second == Graph::kNone || is_ahead[n.second]);
    }
    for (const bool ahead : {true, false})
        for (size_t i = 0; i < count; ++i)
            if (is_ahead[i] == ahead)
                order_.push_back(static_cast<Graph::Value>(i));
    ahead_ = static_cast<size_t>(std::count(is_ahead.begin(), is_ahead.end(), true));
    last_use_.assign(count, 0);
    for (size_t position = 0; position < count; ++position)
        for (const auto used : {node(order_[position]).first, node(order_[position]).second})
            if (used != Graph::kNone)
                last_use_[used] = std::max(last_use_[used], position);
    for (const auto value : graph_.kept)
        last_use_[value] = count;
    last_use_[graph_.head] = count;
}

std::vector<Tensor> GraphRunner::make_inputs(int64_t height, int64_t width) const {
    std::vector<Tensor> inputs;
    for (const auto value : windows_)
        inputs.push_back(
            at::zeros({1, channels_[value], height / factors_[value], width / factors_[value]}, options_)
                .contiguous(at::MemoryFormat::ChannelsLast));
    return inputs;
}

RunnerMemory GraphRunner::make_memory(int64_t height, int64_t width) const {
    RunnerMemory memory;
    for (const auto value : graph_.kept)
        memory.maps.push_back(
            at::zeros({1, channels_[value], height / factors_[value], width / factors_[value]}, options_)
                .contiguous(at::MemoryFormat::ChannelsLast));
    memory.fresh = at::ones({}, options_.dtype(at::kFloat));
    return memory;
}

void GraphRunner::pack(const std::vector<Tensor> &frames, std::vector<Tensor> &inputs) const {
    for (size_t i = 0; i < windows_.size(); ++i)
        ops_.pack_window(frames, multiple_, node(windows_[i]).factor, inputs[i]);
}

void GraphRunner::release(size_t position, Values &values) const {
    for (size_t i = 0; i < values.size(); ++i)
        if (last_use_[i] == position && values[i].defined())
            values[i] = Tensor();
}

GraphRunner::Values GraphRunner::run_ahead(const std::vector<Tensor> &inputs) const {
    Values values(graph_.nodes.size());
    for (size_t i = 0; i < windows_.size(); ++i)
        values[windows_[i]] = inputs[i];
    for (size_t position = 0; position < ahead_; ++position) {
        const auto value = order_[position];
        if (node(value).kind != Kind::Input)
            values[value] = compute(value, values);
        release(position, values);
    }
    return values;
}

GraphRunner::Outcome GraphRunner::run_recurrent(Values values, const RunnerMemory &memory) const {
    for (size_t position = ahead_; position < order_.size(); ++position) {
        const auto value = order_[position];
        const auto &n = node(value);
        if (n.kind == Kind::State)
            values[value] = memory.maps[n.index];
        else if (n.kind == Kind::Blend) {
            const Tensor &current = values[n.first], &previous = values[n.second];
            const auto difference =
                ops_.conv(at::cat({previous, current}, 1), convs_.at(n.module + ".compare"),
                          Activation::None, {});
            values[value] =
                ops_.blend(difference, betas_.at(n.module), memory.fresh, current, previous);
        } else
            values[value] = compute(value, values);
        release(position, values);
    }
    Outcome outcome;
    const auto phases = 3 * graph_.head_factor * graph_.head_factor;
    outcome.head = at::pixel_shuffle(values[graph_.head].narrow(1, 0, phases).to(at::kFloat),
                                     graph_.head_factor)
                       .contiguous();
    for (const auto value : graph_.kept)
        outcome.kept.push_back(values[value]);
    return outcome;
}

Tensor GraphRunner::compute(Graph::Value value, const Values &values) const {
    const auto &n = node(value);
    const Tensor &first = values[n.first];
    const Tensor second = n.second == Graph::kNone ? Tensor() : values[n.second];
    switch (n.kind) {
    case Kind::Conv:
        return ops_.conv(first, convs_.at(n.module), n.activation, second);
    case Kind::Concat:
        return at::cat({first, second}, 1);
    case Kind::UpConv:
        return up_conv(n, first);
    case Kind::ShuffleAdd:
        return at::pixel_shuffle(first, 2).contiguous(at::MemoryFormat::ChannelsLast).add_(second);
    default:
        throw std::logic_error("a node that computes nothing by itself");
    }
}

Tensor GraphRunner::up_conv(const Graph::Node &up, const Tensor &x) const {
    const auto cells = ops_.conv(x, convs_.at(up.module), Activation::Relu, {});
    const int64_t half = cells.size(1) / 2, quarter = half / 2;
    const int64_t last_row = cells.size(2) - 1, last_column = cells.size(3) - 1;
    // Rows and columns beyond the map, which the next convolution must see as zeros.
    cells.select(2, 0).narrow(1, half, half).zero_();
    cells.select(2, last_row).narrow(1, 0, half).zero_();
    for (const int64_t r : {0, 1}) {
        cells.select(3, 0).narrow(1, r * half + quarter, quarter).zero_();
        cells.select(3, last_column).narrow(1, r * half, quarter).zero_();
    }
    return ops_.conv(cells, convs_.at(up.head), Activation::None, {});
}

int64_t GraphRunner::peak_bytes(int64_t height, int64_t width) const {
    const auto bytes_of = [&](Graph::Value value) {
        return channels_[value] * (height / factors_[value]) * (width / factors_[value]) *
               static_cast<int64_t>(options_.dtype().itemsize());
    };
    int64_t alive = 0, peak = 0;
    for (size_t position = 0; position < order_.size(); ++position) {
        const auto value = order_[position];
        const auto &n = node(value);
        alive += bytes_of(value);
        int64_t inside = 0; // beside what goes in and out
        if (n.kind == Kind::UpConv)
            inside = convs_.at(n.module).weight.size(0) * bytes_of(n.first) / channels_[n.first];
        else if (n.kind == Kind::Blend)
            inside = 3 * bytes_of(n.first);
        peak = std::max(peak, alive + inside);
        for (size_t i = 0; i < last_use_.size(); ++i)
            if (last_use_[i] == position)
                alive -= bytes_of(static_cast<Graph::Value>(i));
    }
    return peak;
}

} // namespace deblur
