// Architectures as data. A new one is a graph in this folder, a line in architecture.cpp, and a module that learns.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "network/graph.h"

namespace deblur {

/// How graphs make up a step.
enum class Composition {
    Plain,   ///< step, of the window
    Gated,   ///< local_gate() of perception's map decides where step's correction counts, and where it is computed
    Guided,  ///< perception's map is a further input of step, and a gate of its correction
    Pyramid, ///< step at three scales with the same parameters: human_graph.h
    Mining,  ///< a generator, a discriminator, and a second generator for regions: brmr_graphs.h
};

/// An architecture with a configuration, without parameters.
struct Architecture {
    Composition composition = Composition::Plain;
    int multiple = 1;   ///< of pixels that height and width are
    Graph step{};       ///< makes L_n - B_n, or L_n if the configuration is not residual
    Graph perception{}; ///< makes a map of the window: perception_graph.h
    Shapes shapes{};    ///< of all parameters
    int scales = 1;     ///< of a Pyramid

    bool has_map() const { return composition != Composition::Plain; }
    bool refines_regions() const { return composition == Composition::Mining; }
};

/// Names that users choose from.
std::vector<std::string> architectures();

/// Names of architectures without one of their parts, which are there to be compared in training and evaluation.
std::vector<std::string> ablations();

/// Those whose steps have a map, in one line.
std::string architectures_with_map();

/// @throws std::invalid_argument naming the value and what is valid, for an unknown architecture or a window outside 0 to
///         kMaxWindow
Architecture describe(const NetworkConfig &config);

/// Compares the names and shapes of tensors with those that this configuration has.
///
/// @throws std::invalid_argument naming the tensor, if one is missing, unknown, or of another shape; and as describe()
void check_shapes(const NetworkConfig &config, const Shapes &given);

} // namespace deblur
