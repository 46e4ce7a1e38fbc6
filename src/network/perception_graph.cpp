// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/perception_graph.h"

namespace deblur {

Graph perception_graph(const NetworkConfig &config) {
    constexpr int kFine = 32, kCoarse = 64; // channels at a quarter, and below
    constexpr auto none = Activation::None;
    const auto name = [](const char *layer) { return std::string("perception.") + layer; };
    Graph g;
    const auto fine = g.conv(name("stem"), g.input(3 * config.frames(), kPerceptionShrink), {kFine, 3}, Activation::Relu);
    const auto coarse =
        g.residual_stack(name("encoder"), g.conv(name("reduce"), fine, {kCoarse, 3, 2}, none), 1, none);
    auto x = g.residual_stack(name("deep"), g.conv(name("reduce_deep"), coarse, {kCoarse, 3, 2}, none), 2, none);
    x = g.shuffle_add(g.conv(name("expand_deep"), x, {4 * kCoarse, 1}, none), coarse);
    x = g.residual_stack(name("decoder"), x, 1, none);
    x = g.shuffle_add(g.conv(name("expand"), x, {4 * kFine, 1}, none), fine);
    x = g.residual_stack(name("fine_decoder"), x, 1, none);
    g.head = g.conv(name("head"), x, {1, 3}, none);
    return g;
}

} // namespace deblur
