// Names to architectures. A new one is one file in this folder and one line in registry.cpp.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "network/network.h"

namespace deblur {

/// The largest m that any architecture accepts.
constexpr int kMaxWindow = 3;

/// Registered names that users choose from, in the order of registry.cpp.
std::vector<std::string> architectures();

/// Names of architectures without one of their parts, which are there to be compared in training and evaluation.
std::vector<std::string> ablations();

/// Those whose steps have a map, in one line.
std::string architectures_with_map();

/// Builds a network with freshly initialised parameters (from the global generator).
///
/// @throws std::invalid_argument naming the value and what is valid, for an unknown architecture or
///         a window outside 0 to kMaxWindow
NetworkPtr make_network(const NetworkConfig &config);

} // namespace deblur
