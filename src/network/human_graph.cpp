// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/human_graph.h"

#include <algorithm>
#include <array>

namespace deblur {

namespace {

constexpr int kPaperWidth = 32;
constexpr int kNarrowestAttention = 16; // channels: what tells people from the rest does not shrink with the network
constexpr int kUnits = 3;               // residual units in a row
constexpr int kBlocks = 3;              // L of Eq. 9
constexpr auto kLinear = Activation::None;

using Features = std::array<Graph::Value, 3>; // at full resolution, at half, and H at a quarter

// Eq. 3.
Graph::Value add_attention(Graph &g, Graph::Value x, int width) {
    for (int i = 0; i < 3; ++i)
        x = g.max_pool(g.conv("attention.down" + std::to_string(i), x, {width << i, 5}, Activation::Relu));
    for (int i = 0; i < 3; ++i)
        x = g.deconv("attention.up" + std::to_string(i), x, std::max(width << 1 >> i, width), Activation::Relu);
    return g.conv("attention.head", x, {1, 1}, Activation::Sigmoid);
}

Features add_encoder(Graph &g, Graph::Value x, int width) {
    Features features{};
    for (int i = 0; i < 3; ++i) {
        const auto number = std::to_string(i);
        x = g.conv("encoder.reduce" + number, x, {width << i, 5, i == 0 ? 1 : 2}, kLinear);
        x = g.residual_stack("encoder.units" + number, x, kUnits, kLinear);
        features[static_cast<size_t>(i)] = x;
    }
    return features;
}

// Block l of a decoder, from 1 on; of the primary one, of three inputs.
Graph::Value add_block(Graph &g, const std::string &decoder, int l, std::array<Graph::Value, 3> inputs, bool fuses,
                       const Features &shortcuts, int width) {
    const auto number = std::to_string(l);
    const int channels = width << (kBlocks - l);
    auto x = inputs[0];
    if (fuses)
        x = g.conv(decoder + ".fuse" + number, g.concat(g.concat(inputs[0], inputs[1]), inputs[2]), {channels, 1}, kLinear);
    x = g.residual_stack(decoder + ".units" + number, x, kUnits, kLinear);
    if (l == kBlocks)
        return x;
    return g.deconv(decoder + ".up" + number, x, channels / 2, kLinear,
                    shortcuts[static_cast<size_t>(kBlocks - 1 - l)]);
}

} // namespace

Graph human_graph(const NetworkConfig &config, HumanTraits traits, HumanParts parts) {
    const int width = config.width > 0 ? config.width : kPaperWidth;
    const int seen = 3 * config.frames() + 3;
    Graph g;
    Graph::Value foreground = Graph::kNone, background = Graph::kNone, small = Graph::kNone;
    if (traits.attention) {
        const auto input = g.input(human_attention_planes(config.frames()), 1, seen);
        g.map = add_attention(g, input, std::max(width, kNarrowestAttention));
        small = g.mean_pool(g.map, 4);
    }
    const auto features = add_encoder(g, g.input(seen, 1), width);
    auto primary = foreground = background = features.back(); // D^0
    if (traits.attention) {
        foreground = g.scale(primary, small, 1, 0); // Eqs. 5 and 6
        background = g.scale(primary, small, -1, 1);
    }
    using Output = HumanTraits::Output;
    const bool all = parts == HumanParts::All, branches = all || traits.output != Output::Primary;
    for (int l = 1; l <= kBlocks; ++l) {
        const std::array<Graph::Value, 3> fused{foreground, background, primary};
        if (l < kBlocks || branches) {
            foreground = add_block(g, "foreground", l, {foreground}, false, features, width);
            background = add_block(g, "background", l, {background}, false, features, width);
        }
        if (all || traits.output == Output::Primary)
            primary = add_block(g, "primary", l, fused, true, features, width); // Eq. 9
    }
    const auto add_head = [&](const char *module, Graph::Value x, Output output) {
        if (all || traits.output == output) {
            const auto head = g.conv(module, x, {3, 5}, kLinear);
            g.head = traits.output == output ? head : g.head;
        }
    };
    add_head("foreground_head", foreground, Output::Foreground);
    add_head("background_head", background, Output::Background);
    add_head("latent_head", primary, Output::Primary); // Eq. 10
    return g;
}

} // namespace deblur
