// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/plain_network.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "network/padding.h"

namespace deblur {

using torch::Tensor;

PlainNetwork::PlainNetwork(const Network &network)
    : graph_(network.graph()), parameters_(named_parameters(network)), config_(network.config()),
      multiple_(network.size_multiple()) {
    if (graph_.empty())
        throw std::invalid_argument("architecture " + config_.architecture + " has no graph");
}

Tensor PlainNetwork::step(const std::vector<Tensor> &window) {
    const Tensor padded = pad_to_multiple(at::cat(window, 1), multiple_);
    std::vector<Tensor> values;
    for (const auto &node : graph_.nodes)
        values.push_back(compute(node, values, padded));
    state_.clear();
    for (const auto kept : graph_.kept)
        state_.push_back(values[kept]);
    const Tensor head = at::pixel_shuffle(values[graph_.head], graph_.head_factor);
    const Tensor cropped = crop(head, window[0].size(2), window[0].size(3));
    const Tensor &frame = window[config_.window];
    return gated(config_.residual ? cropped.contiguous() : cropped - frame, frame, config_.gate);
}

Tensor PlainNetwork::conv(const std::string &module, const Tensor &x, int64_t stride) const {
    const Tensor &weight = parameters_.at(module + ".weight");
    const int64_t padding = weight.size(2) / 2;
    return at::conv2d(x, weight, parameters_.at(module + ".bias"), {stride, stride},
                      {padding, padding});
}

Tensor PlainNetwork::compute(const Graph::Node &node, const std::vector<Tensor> &values,
                             const Tensor &window) const {
    const auto value = [&](Graph::Value number) { return values.at(number); };
    switch (node.kind) {
    case Graph::Kind::Input:
        return at::pixel_unshuffle(window, node.factor);
    case Graph::Kind::State:
        return state_.empty() ? at::zeros({1, node.channels, window.size(2) / node.factor,
                                           window.size(3) / node.factor},
                                          window.options())
                              : state_.at(node.index);
    case Graph::Kind::Conv: {
        Tensor sum = conv(node.module, value(node.first), node.stride);
        if (node.second != Graph::kNone)
            sum = value(node.second) + sum;
        return node.activation == Activation::Relu   ? at::relu(sum)
               : node.activation == Activation::Tanh ? at::tanh(sum)
                                                     : sum;
    }
    case Graph::Kind::Concat:
        return at::cat({value(node.first), value(node.second)}, 1);
    case Graph::Kind::Blend: {
        Tensor current = value(node.first);
        if (state_.empty())
            return current;
        const Tensor previous = value(node.second);
        const Tensor difference = conv(node.module + ".compare", at::cat({previous, current}, 1));
        const Tensor beta = parameters_.at(node.module + ".beta").clamp(0, 1);
        const Tensor w = (difference.tanh().abs() + beta).clamp_max(1);
        return w * current + (1 - w) * previous;
    }
    case Graph::Kind::UpConv: {
        const Tensor up =
            at::conv_transpose2d(value(node.first), parameters_.at(node.module + ".weight"),
                                 parameters_.at(node.module + ".bias"), {2, 2}, {1, 1});
        return at::pixel_unshuffle(conv(node.head, at::relu(up)), 2);
    }
    case Graph::Kind::ShuffleAdd:
        return at::pixel_shuffle(value(node.first), 2) + value(node.second);
    default:
        throw std::logic_error("a graph of more kinds of nodes than the plain implementation has");
    }
}

} // namespace deblur
