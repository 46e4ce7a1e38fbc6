// Loaded weights, shared by every session of the process that wants the same.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "network/model.h"

namespace deblur {

/// The network of a weight file. Loaded once, as long as somebody holds it or it was the last one asked for (ffmpeg closes
/// its filter graph before it opens the next), and as its file does not change.
///
/// @throws Error with DEBLUR_BAD_WEIGHTS, naming the file and what is wrong with it
ModelPtr shared_model(const std::string &path);

} // namespace deblur
