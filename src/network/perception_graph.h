// Local Blur Perception (perception.h) as a graph.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/graph.h"

namespace deblur {

constexpr int kPerceptionMultiple = 16; ///< pixels that the sides of its pictures are multiples of
constexpr int kPerceptionShrink = 4;    ///< pixels along a side of one of its map's

/// Of the window: the logit of the map at a quarter of the resolution.
Graph perception_graph(const NetworkConfig &config);

/// The share of a correction that a map's value lets through: nothing below 0.1, all from 0.4 on, and linear between. So
/// blur below 0.6 pixels is left alone, bit for bit.
constexpr float kGateClosed = 0.1f, kGateOpen = 0.4f;

} // namespace deblur
