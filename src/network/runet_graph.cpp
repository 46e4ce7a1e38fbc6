// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/runet_graph.h"

namespace deblur {

Graph runet_graph(const NetworkConfig &config, const RecurrentUnetSize &size) {
    constexpr auto none = Activation::None;
    Graph g;
    const auto feature = g.state(0, size.feature, 8), previous = g.state(1, size.eighth, 8),
               last = g.state(2, kRunetHead, 2);
    const auto half =
        g.conv("stem", g.concat(g.input(3 * config.frames(), 2), last), {size.half, 3}, none);
    auto x = g.conv("to_quarter", half, {size.quarter, 3, 2}, none);
    const auto quarter = g.residual_stack("quarter_encoder", x, 1, none);
    x = g.residual_stack("eighth_encoder", g.conv("to_eighth", quarter, {size.eighth, 3, 2}, none),
                         size.trunk, none);
    x = g.conv("fuse", g.concat(x, g.shift(feature, kRunetShift)), {size.eighth, 3}, none, x);
    x = g.blend("blending", x, previous, 1);
    g.keep(1, x);
    x = g.residual_stack("eighth_decoder", x, size.trunk, none);
    g.keep(0, g.conv("feature_head", x, {size.feature, 1}, Activation::Tanh));
    x = g.shuffle_add(g.conv("from_eighth", x, {4 * size.quarter, 1}, none), quarter);
    x = g.residual_stack("quarter_decoder", x, size.quarter_decoder, none);
    x = g.shuffle_add(g.conv("from_quarter", x, {4 * size.half, 1}, none), half);
    x = g.residual_stack("half_decoder", x, 1, none);
    g.head = g.conv("latent_head", x, {kRunetHead, 3}, none);
    g.head_factor = 2;
    g.keep(2, g.head);
    return g;
}

void add_training_heads(const RecurrentUnetSize &size, Shapes &shapes) {
    const auto add = [&shapes](const char *module, int channels) {
        shapes[std::string(module) + ".weight"] = {kRunetHead, channels, 1, 1};
        shapes[std::string(module) + ".bias"] = {kRunetHead};
    };
    add("quarter_head", size.eighth);
    add("half_head", size.quarter);
}

} // namespace deblur
