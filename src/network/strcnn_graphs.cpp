// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/strcnn_graphs.h"

namespace deblur {

Graph strcnn_graph(const NetworkConfig &config, StrcnnTraits traits) {
    constexpr int kTrunk = 64, kFeature = 32, kBlocks = 4;
    constexpr auto relu = Activation::Relu;
    Graph g;
    auto x = g.conv("stem", g.input(3 * config.frames(), 1), {kTrunk, 5}, relu);
    x = g.conv("reduce", x, {traits.recurrent ? kTrunk - kFeature : kTrunk, 3, 2}, relu);
    if (traits.recurrent)
        x = g.concat(x, g.state(0, kFeature, 2));
    x = g.residual_stack("encoder", x, kBlocks, relu);
    if (traits.blending) {
        x = g.blend("blending", x, g.state(1, kTrunk, 2), 5);
        g.keep(1, x);
    }
    x = g.residual_stack("decoder", x, kBlocks, relu);
    if (traits.recurrent)
        g.keep(0, g.conv("feature_head", x, {kFeature, 3}, relu));
    g.head = g.up_conv("upsample", "latent_head", x);
    g.head_factor = 2;
    return g;
}

Graph strcnn_fast_graph(const NetworkConfig &config, bool is_guided) {
    constexpr int kFine = 32, kMiddle = 64, kTrunk = 96, kFeature = 32;
    constexpr auto none = Activation::None;
    const int planes = 3 * config.frames();
    Graph g;
    // Blur-guided spatial attention, by the level's number from the coarsest.
    const auto attended = [&](int level, Graph::Value x) {
        if (!is_guided)
            return x;
        const auto seen = g.concat(g.statistics(x), g.input_mean(1, g.factor(x), planes));
        const auto attention = g.conv("attention" + std::to_string(level) + ".conv", seen, {1, 7}, Activation::Sigmoid);
        return g.scale(x, attention, 2, 0);
    };
    const auto feature = g.state(0, kFeature, 8), previous = g.state(1, kTrunk, 8);
    const auto fine = g.conv("stem", g.input(planes, 2), {kFine, 3}, none);
    auto x = g.conv("reduce_middle", fine, {kMiddle, 3, 2}, none);
    const auto middle = g.residual_stack("middle_encoder", x, 1, none);
    x = g.concat(g.conv("reduce", middle, {kTrunk - kFeature, 3, 2}, none), feature);
    x = g.blend("blending", g.residual_stack("encoder", x, 1, none), previous, 3);
    g.keep(1, x);
    x = g.residual_stack("decoder", attended(0, x), 1, none);
    g.keep(0, g.conv("feature_head", x, {kFeature, 3}, Activation::Tanh));
    x = g.shuffle_add(g.conv("expand", x, {4 * kMiddle, 1}, none), middle);
    x = g.residual_stack("middle_decoder", attended(1, x), 1, none);
    x = g.shuffle_add(g.conv("expand_middle", x, {4 * kFine, 1}, none), fine);
    x = g.residual_stack("fine_decoder", attended(2, x), 1, none);
    g.head = g.conv("latent_head", x, {12, 3}, none);
    g.head_factor = 2;
    return g;
}

} // namespace deblur
