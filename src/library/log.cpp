// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/log.h"

#include <cstdio>

namespace deblur {

void Log::write(deblur_log_level level, const char *message) {
    const std::lock_guard lock(mutex_);
    if (callback_)
        callback_(cookie_, level, message);
    else if (level <= DEBLUR_LOG_WARNING)
        std::fprintf(stderr, "libdeblur: %s: %s\n", level == DEBLUR_LOG_ERROR ? "error" : "warning",
                     message);
}

void Log::sink(void *log, deblur_log_level level, const char *message) {
    static_cast<Log *>(log)->write(level, message);
}

} // namespace deblur
