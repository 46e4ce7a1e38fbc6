// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/receptive_field.h"

#include <algorithm>

#include "network/padding.h"
#include "network/parameters.h"

namespace deblur {

// How many pixels from an edge of a part a value is wrong, if beyond the edge there are zeros instead of the rest of
// the frame.
int64_t receptive_halo(const Network &network) {
    using Kind = Graph::Kind;
    const auto graph = network.graph();
    const auto parameters = named_parameters(network);
    const auto border = [&](const std::string &module) { return parameters.at(module + ".weight").size(2) / 2; };
    std::vector<int64_t> wrong(graph.nodes.size()), factors(graph.nodes.size());
    for (size_t i = 0; i < wrong.size(); ++i) {
        const auto &node = graph.nodes[i];
        if (node.first == Graph::kNone) {
            factors[i] = node.factor;
            continue;
        }
        const int64_t factor = factors[node.first];
        int64_t reach = 0; // in samples of the first
        factors[i] = factor;
        if (node.kind == Kind::Conv) {
            reach = border(node.module);
            factors[i] = factor * node.stride;
        } else if (node.kind == Kind::Blend)
            reach = border(node.module + ".compare");
        else if (node.kind == Kind::UpConv)
            reach = 1;
        else if (node.kind == Kind::Shift)
            reach = node.distance;
        else if (node.kind == Kind::ShuffleAdd)
            factors[i] = factor / 2;
        const int64_t before = std::max(wrong[node.first], node.second == Graph::kNone ? 0 : wrong[node.second]);
        wrong[i] = round_up(before + reach * factor, factors[i]);
    }
    int64_t halo = wrong[graph.head];
    for (const auto value : graph.kept)
        halo = std::max(halo, wrong[value]);
    return round_up(halo, network.size_multiple());
}

} // namespace deblur
