// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/receptive_field.h"

#include <algorithm>

#include "base/reflection.h"

namespace deblur {

// How many pixels from an edge of a part a value is wrong, if beyond the edge there are zeros instead of the rest of
// the frame.
int64_t receptive_halo(const Graph &graph, int multiple) {
    using Kind = Graph::Kind;
    std::vector<int64_t> wrong(graph.nodes.size());
    for (size_t i = 0; i < wrong.size(); ++i) {
        const auto &node = graph.nodes[i];
        if (node.first == Graph::kNone)
            continue;
        int64_t reach = 0; // in samples of the first
        if (node.kind == Kind::Conv || node.kind == Kind::Blend)
            reach = node.kernel / 2;
        else if (node.kind == Kind::UpConv || node.kind == Kind::Deconv)
            reach = 1;
        const auto wrong_of = [&](Graph::Value value) { return value == Graph::kNone ? 0 : wrong[static_cast<size_t>(value)]; };
        const int64_t before = std::max(wrong_of(node.first), wrong_of(node.second));
        wrong[i] = round_up(before + reach * graph.factor(node.first), node.factor);
    }
    int64_t halo = wrong[static_cast<size_t>(graph.head)];
    for (const auto value : graph.kept)
        halo = std::max(halo, wrong[static_cast<size_t>(value)]);
    return round_up(halo, multiple);
}

} // namespace deblur
