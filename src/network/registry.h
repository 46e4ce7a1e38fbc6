// Names to modules that learn.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/network.h"

namespace deblur {

/// Builds a network with freshly initialised parameters (from the global generator).
///
/// @throws std::invalid_argument naming the value and what is valid, for an unknown architecture or
///         a window outside 0 to kMaxWindow
NetworkPtr make_network(const NetworkConfig &config);

} // namespace deblur
