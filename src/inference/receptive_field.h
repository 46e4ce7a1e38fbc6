// How far a step of a network looks.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/network.h"

namespace deblur {

/// Pixels around a part of a frame on which what a step makes of that part depends, its correction and its next state;
/// a multiple of network.size_multiple(). For networks with a graph.
int64_t receptive_halo(const Network &network);

} // namespace deblur
