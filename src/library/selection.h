// Which engine restores a stream.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "library/engine_loader.h"
#include "library/log.h"

namespace deblur {

/// What is tried with an engine. Returns a deblur_status, after the options' log has been told about an error.
using Attempt =
    std::function<int(const deblur_engine_table &engine, const deblur_options &options)>;

/// Makes an attempt with the engine of options.device. "auto" takes CUDA where its engine is
/// installed and a GPU can be used, else the CPU, and tells the log which and why, in one line. Frames in CUDA
/// memory leave no choice: "auto" is the GPU that has them.
///
/// @param options complete (engine_api.h) but for their log, which becomes log
/// @return the last attempt's status
/// @throws Error with DEBLUR_NO_ENGINE, DEBLUR_NO_DEVICE, or DEBLUR_INVALID_ARGUMENT for such frames on the CPU
int with_engine(const deblur_options &options, const deblur_format &format, Log &log,
                const Attempt &attempt);

} // namespace deblur
