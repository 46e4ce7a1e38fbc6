// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/log.h"

#include <cstdio>
#include <new>

namespace deblur {

void Log::write(deblur_log_level level, const char *message) {
    const std::lock_guard lock(mutex_);
    if (held_error_ && level == DEBLUR_LOG_ERROR) {
        try {
            *held_error_ = message;
        } catch (const std::bad_alloc &) {
            held_error_->clear(); // called by engines, through C
        }
    } else if (callback_)
        callback_(cookie_, level, message);
    else if (level <= DEBLUR_LOG_WARNING)
        std::fprintf(stderr, "libdeblur: %s: %s\n", level == DEBLUR_LOG_ERROR ? "error" : "warning",
                     message);
}

void Log::sink(void *log, deblur_log_level level, const char *message) {
    static_cast<Log *>(log)->write(level, message);
}

HeldErrors::HeldErrors(Log &log) : log_(log) {
    const std::lock_guard lock(log.mutex_);
    log.held_error_ = &last_;
}

HeldErrors::~HeldErrors() {
    const std::lock_guard lock(log_.mutex_);
    log_.held_error_ = nullptr;
}

} // namespace deblur
