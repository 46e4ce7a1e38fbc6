// Exceptions of an engine module in the terms of the C API.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/backend.h"

namespace deblur {

/// Tells the log of options about the exception that is being handled, as the backend understands it, and returns its status.
inline int report_engine_failure(const Backend &backend, const deblur_options &options) noexcept {
    return report_failure([&backend] { return backend.current_failure(); },
                          [&options](const char *message) {
                              options.log(options.log_cookie, DEBLUR_LOG_ERROR, message);
                          });
}

} // namespace deblur
