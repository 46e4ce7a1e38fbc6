// LibTorch's exceptions in the terms of the C API.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/error.h"

namespace deblur {

/// As current_failure(), knowing LibTorch's exceptions: out of memory apart, no backtraces.
Failure current_torch_failure();

} // namespace deblur
