// The engine for models that the CPU's own does not know yet.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/backend.h"

namespace deblur {

/// The CPU by LibTorch's modules: slower than cpu_backend(), and for every architecture that there is.
const Backend &torch_backend();

} // namespace deblur
