// Loaded weights, shared by every session of the process that wants the same.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "engine/placement.h"
#include "network/network.h"

namespace deblur {

/// The network of a weight file, at a place: in its precision on a GPU, in float32 on the CPU. Loaded
/// once, as long as somebody holds it or it was the last one asked for (ffmpeg closes its filter
/// graph before it opens the next), and as its file does not change; callers must not change it.
///
/// @throws Error with DEBLUR_BAD_WEIGHTS, naming the file and what is wrong with it
NetworkPtr shared_network(const std::string &path, const Placement &placement);

} // namespace deblur
