// What 8-bit integers have to hold in a network.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu/pipeline.h"
#include "network/network.h"

namespace deblur {

/// The ranges of the inputs of those convolutions that are worth computing in integers, over a few
/// steps on pictures made for the purpose: moving rectangles of random colours, many of them black or
/// saturated, with noise, which are no milder than video.
std::map<std::string, cpu::Range> calibrate(const Network &network);

} // namespace deblur
