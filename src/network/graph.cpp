// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/graph.h"

namespace deblur {

namespace {

Graph::Node node_of(Graph::Kind kind, Graph::Value first, Graph::Value second, int channels, int factor) {
    Graph::Node node{kind};
    node.first = first;
    node.second = second;
    node.channels = channels;
    node.factor = factor;
    return node;
}

} // namespace

Graph::Value Graph::input(int planes, int factor, int from) {
    auto node = node_of(Kind::Input, kNone, kNone, planes * factor * factor, factor);
    node.index = from;
    return add(std::move(node));
}

Graph::Value Graph::input_mean(int planes, int factor, int from) {
    auto node = node_of(Kind::InputMean, kNone, kNone, planes, factor);
    node.index = from;
    return add(std::move(node));
}

Graph::Value Graph::state(int index, int channels, int factor) {
    auto node = node_of(Kind::State, kNone, kNone, channels, factor);
    node.index = index;
    return add(std::move(node));
}

Graph::Value Graph::conv(const std::string &module, Value x, Shape shape, Activation activation, Value plus) {
    auto node = node_of(Kind::Conv, x, plus, shape.out, factor(x) * shape.stride);
    node.module = module;
    node.kernel = shape.kernel;
    node.stride = shape.stride;
    node.has_bias = shape.has_bias;
    node.activation = activation;
    return add(std::move(node));
}

Graph::Value Graph::deconv(const std::string &module, Value x, int out, Activation activation, Value plus,
                           bool has_bias) {
    auto node = node_of(Kind::Deconv, x, plus, out, factor(x) / 2);
    node.module = module;
    node.kernel = 4;
    node.has_bias = has_bias;
    node.activation = activation;
    return add(std::move(node));
}

Graph::Value Graph::concat(Value first, Value second, Activation activation) {
    auto node = node_of(Kind::Concat, first, second, channels(first) + channels(second), factor(first));
    node.activation = activation;
    return add(std::move(node));
}

Graph::Value Graph::blend(const std::string &module, Value current, Value previous, int kernel) {
    auto node = node_of(Kind::Blend, current, previous, channels(current), factor(current));
    node.module = module;
    node.kernel = kernel;
    return add(std::move(node));
}

Graph::Value Graph::up_conv(const std::string &module, const std::string &head, Value x) {
    auto node = node_of(Kind::UpConv, x, kNone, 4 * 3, factor(x));
    node.module = module;
    node.head = head;
    return add(std::move(node));
}

Graph::Value Graph::shuffle_add(Value x, Value plus) {
    return add(node_of(Kind::ShuffleAdd, x, plus, channels(plus), factor(plus)));
}

Graph::Value Graph::max_pool(Value x) {
    return add(node_of(Kind::MaxPool, x, kNone, channels(x), 2 * factor(x)));
}

Graph::Value Graph::mean_pool(Value x, int by) {
    return add(node_of(Kind::MeanPool, x, kNone, channels(x), by * factor(x)));
}

Graph::Value Graph::statistics(Value x) {
    return add(node_of(Kind::Statistics, x, kNone, 2, factor(x)));
}

Graph::Value Graph::scale(Value x, Value by, float gain, float offset) {
    auto node = node_of(Kind::Scale, x, by, channels(x), factor(x));
    node.gain = gain;
    node.offset = offset;
    return add(std::move(node));
}

Graph::Value Graph::instance_norm(const std::string &module, Value x, Activation activation) {
    auto node = node_of(Kind::InstanceNorm, x, kNone, channels(x), factor(x));
    node.module = module;
    node.activation = activation;
    return add(std::move(node));
}

Graph::Value Graph::residual_stack(const std::string &module, Value x, int count, Activation output) {
    const Shape same{channels(x), 3};
    for (int i = 0; i < count; ++i) {
        const std::string block = module + "." + std::to_string(i);
        const Value inner = conv(block + ".conv1", x, same, Activation::Relu);
        x = conv(block + ".conv2", inner, same, output, x);
    }
    return x;
}

void Graph::keep(int index, Value value) {
    if (kept.size() <= static_cast<size_t>(index))
        kept.resize(static_cast<size_t>(index) + 1, kNone);
    kept[static_cast<size_t>(index)] = value;
}

void Graph::add_shapes(Shapes &shapes) const {
    const auto add_layer = [&shapes](const std::string &module, std::vector<int64_t> weight, int64_t out, bool has_bias) {
        shapes[module + ".weight"] = std::move(weight);
        if (has_bias)
            shapes[module + ".bias"] = {out};
    };
    for (const auto &n : nodes) {
        const int64_t in = n.first == kNone ? 0 : channels(n.first), out = n.channels, k = n.kernel;
        switch (n.kind) {
        case Kind::Conv:
            add_layer(n.module, {out, in, k, k}, out, n.has_bias);
            break;
        case Kind::Deconv:
            add_layer(n.module, {in, out, k, k}, out, n.has_bias);
            break;
        case Kind::Blend:
            add_layer(n.module + ".compare", {out, 2 * out, k, k}, out, true);
            shapes[n.module + ".beta"] = {};
            break;
        case Kind::UpConv:
            add_layer(n.module, {in, in, 4, 4}, in, true);
            add_layer(n.head, {out / 4, in, 3, 3}, out / 4, true);
            break;
        case Kind::InstanceNorm:
            add_layer(n.module, {out}, out, true);
            break;
        default:
            break;
        }
    }
}

} // namespace deblur
