// Messages to the caller.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <mutex>
#include <string>

#include <libdeblur/deblur.h>

namespace deblur {

/// One context's messages: into its callback, one at a time, or to stderr.
class Log {
  public:
    Log(deblur_log_callback callback, void *cookie) : callback_(callback), cookie_(cookie) {}

    /// Hands on one line: longer messages are cut, and control characters become question marks.
    void write(deblur_log_level level, const char *message);

    /// Whether this thread is within a callback, from where nothing of the library may be called.
    static bool is_calling_back();

    /// A deblur_log_callback whose cookie is a Log.
    static void sink(void *log, deblur_log_level level, const char *message);

  private:
    friend class HeldErrors;

    void call_back(deblur_log_level level, const char *line);

    std::mutex mutex_;
    deblur_log_callback callback_;
    void *cookie_;
    std::string *held_error_ = nullptr; // where errors go instead, the last one
};

/// While it lives, a log's errors are kept from the caller: for what may fail because there is
/// something else to try.
class HeldErrors {
  public:
    explicit HeldErrors(Log &log);
    ~HeldErrors();
    HeldErrors(const HeldErrors &) = delete;
    HeldErrors &operator=(const HeldErrors &) = delete;

    const std::string &last() const { return last_; }

  private:
    Log &log_;
    std::string last_;
};

} // namespace deblur
