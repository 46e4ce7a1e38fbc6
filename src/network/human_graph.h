// Shen et al. 2019 (human.h) as a graph.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/graph.h"

namespace deblur {

/// What of the model is there: all of it, or what its ablations leave (section 5.1, Table 3).
struct HumanTraits {
    enum class Output { Primary, Foreground, Background };
    bool attention = true; ///< without, the branches get H as it is
    int scales = 3;
    Output output = Output::Primary; ///< whose picture it makes
};

/// What the output needs, or also what is there for training alone.
enum class HumanParts { Step, All };

/// Planes of a scale's step: the window, the last scale's picture, then for the attention how each neighbour differs from
/// the middle frame (times 8), the middle frame, and the last scale's map.
constexpr int human_attention_planes(int frames) {
    return 3 * frames + 1;
}

/// The model at one scale: the output's correction (or picture), and the map.
Graph human_graph(const NetworkConfig &config, HumanTraits traits, HumanParts parts = HumanParts::Step);

} // namespace deblur
