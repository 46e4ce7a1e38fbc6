// LibTorch's exceptions in the terms of the C API.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/error.h"

namespace deblur {

/// As current_failure(), knowing LibTorch's exceptions: out of memory apart, no backtraces.
Failure current_engine_failure();

/// Tells the log of options about the exception that is being handled, and returns its status.
int report_engine_failure(const deblur_options &options) noexcept;

} // namespace deblur
