// What 8-bit integers have to hold in a network.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu/pipeline.h"

namespace deblur {

/// The ranges of the inputs of those convolutions that are worth computing in integers, over a few
/// steps in float32 on pictures made for the purpose: moving rectangles of random colours, many of them black or
/// saturated, with noise, which are no milder than video.
///
/// @param frames in a window; the graph has no other inputs
std::map<std::string, cpu::Range> calibrate(const Graph &graph, const cpu::Parameters &parameters, int frames);

} // namespace deblur
