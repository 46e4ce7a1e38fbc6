// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/log.h"

#include <cstdio>
#include <cstring>
#include <new>

namespace deblur {

namespace {

constexpr size_t kMaxLine = 1023; // bytes

thread_local bool is_in_callback = false;

// Without memory of its own: it may be what is lacking.
class Line {
  public:
    explicit Line(const char *message) {
        size_t size = strnlen(message, kMaxLine + 1);
        if (size > kMaxLine) {
            size = kMaxLine;
            while (size > 0 && (static_cast<unsigned char>(message[size]) & 0xc0) == 0x80)
                --size; // not within a character of UTF-8
        }
        for (size_t i = 0; i < size; ++i)
            text_[i] = static_cast<unsigned char>(message[i]) < ' ' || message[i] == 0x7f
                           ? '?'
                           : message[i];
        text_[size] = '\0';
    }
    const char *text() const { return text_; }

  private:
    char text_[kMaxLine + 1];
};

} // namespace

void Log::write(deblur_log_level level, const char *message) {
    const Line line(message);
    const std::lock_guard lock(mutex_);
    if (held_error_ && level == DEBLUR_LOG_ERROR) {
        try {
            *held_error_ = line.text();
        } catch (const std::bad_alloc &) {
            held_error_->clear(); // called by engines, through C
        }
    } else if (callback_)
        call_back(level, line.text());
    else if (level <= DEBLUR_LOG_WARNING)
        std::fprintf(stderr, "libdeblur: %s: %s\n", level == DEBLUR_LOG_ERROR ? "error" : "warning",
                     line.text());
}

void Log::call_back(deblur_log_level level, const char *line) {
    is_in_callback = true;
    callback_(cookie_, level, line);
    is_in_callback = false;
}

bool Log::is_calling_back() {
    return is_in_callback;
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
