// Which engine restores a stream.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/engine_api.h"
#include "library/log.h"

namespace deblur {

struct OpenSession {
    const deblur_engine_table *engine = nullptr;
    deblur_session *session = nullptr;
};

/// Opens a session with the engine of options.device. "auto" takes CUDA where its engine is
/// installed and a GPU can be used, else the CPU, and tells the log which and why, in one line. Frames in CUDA
/// memory leave no choice: "auto" is the GPU that has them.
///
/// @param options complete (engine_api.h) but for their log, which becomes log
/// @return a deblur_status; the log has been told about an error
/// @throws Error with DEBLUR_NO_ENGINE, DEBLUR_NO_DEVICE, or DEBLUR_INVALID_ARGUMENT for such frames on the CPU
int open_session(const deblur_options &options, const deblur_format &format, Log &log,
                 OpenSession &opened);

} // namespace deblur
