// Finding and loading the engine module.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/engine_api.h"

namespace deblur {

/// The engine: DEBLUR_ENGINE, or deblur/engine-torch.so beside the library. Loaded by the first
/// call and never unloaded (LibTorch does not survive it).
///
/// @throws Error with DEBLUR_NO_ENGINE, naming the file and why it cannot be used
const deblur_engine_table &load_engine();

} // namespace deblur
