// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr_graphs.h"

#include <algorithm>
#include <vector>

namespace deblur {

namespace {

constexpr int kWidth = 8; // of what pix2pix has 64

int width_of(const NetworkConfig &config) {
    return config.width > 0 ? config.width : kWidth;
}

int levels_of(BrmrPart part) {
    return part == BrmrPart::Image ? 8 : 7;
}

std::string name_of(BrmrPart part) {
    return part == BrmrPart::Image ? "image" : "patch";
}

} // namespace

int generator_multiple(BrmrPart part) {
    return 1 << levels_of(part);
}

Graph generator_graph(const NetworkConfig &config, BrmrPart part) {
    const bool has_norm = !config.residual; // instead of biases
    const int levels = levels_of(part);
    const auto module = [&](const std::string &layer, int level) {
        return name_of(part) + ".generator." + layer + std::to_string(level);
    };
    const auto channels = [&](int level) { return width_of(config) * std::min(1 << level, 8); };
    Graph g;
    std::vector<Graph::Value> skips; // with their activation: leaky ones are as good for a ReLU
    auto x = g.input(3 * config.frames(), 1);
    for (int i = 0; i < levels; ++i) {
        const bool deepest = i == levels - 1, normalises = has_norm && i > 0 && !deepest;
        x = g.conv(module("down", i), x, {channels(i), 4, 2, !has_norm},
                   normalises ? Activation::None : deepest ? Activation::Relu : Activation::LeakyRelu);
        if (normalises)
            x = g.instance_norm(module("down_norm", i), x, Activation::LeakyRelu);
        skips.push_back(x);
    }
    for (int i = levels - 1; i > 0; --i) {
        x = g.deconv(module("up", i), x, channels(i - 1), has_norm ? Activation::None : Activation::Relu, Graph::kNone,
                     !has_norm);
        if (has_norm)
            x = g.instance_norm(module("up_norm", i), x, Activation::None);
        x = g.concat(skips[static_cast<size_t>(i) - 1], x, Activation::Relu);
    }
    g.head = g.deconv(name_of(part) + ".generator.latent_head", x, 3, Activation::Tanh);
    return g;
}

Graph discriminator_graph(const NetworkConfig &config, BrmrPart part) {
    constexpr int kStrides[] = {2, 2, 2, 1};
    Graph g;
    auto x = g.input(3 * config.frames() + 3, 1);
    for (int i = 0; i < 4; ++i)
        x = g.conv(name_of(part) + ".discriminator.conv" + std::to_string(i + 1), x,
                   {width_of(config) << i, 4, kStrides[i]}, Activation::LeakyRelu);
    g.head = x;
    return g;
}

std::string discriminator_head(BrmrPart part) {
    return name_of(part) + ".discriminator.weight";
}

void add_discriminator_head(const NetworkConfig &config, BrmrPart part, Shapes &shapes) {
    shapes[discriminator_head(part)] = {2, int64_t{8} * width_of(config)};
}

} // namespace deblur
