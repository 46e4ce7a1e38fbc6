// How far a step looks.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/graph.h"

namespace deblur {

/// Pixels around a part of a frame on which what a step makes of that part depends, its output and its next state; a
/// multiple of multiple.
int64_t receptive_halo(const Graph &graph, int multiple);

} // namespace deblur
