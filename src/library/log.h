// Messages to the caller.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <mutex>

#include <libdeblur/deblur.h>

namespace deblur {

/// One context's messages: into its callback, one at a time, or to stderr.
class Log {
  public:
    Log(deblur_log_callback callback, void *cookie) : callback_(callback), cookie_(cookie) {}
    void write(deblur_log_level level, const char *message);

    /// A deblur_log_callback whose cookie is a Log.
    static void sink(void *log, deblur_log_level level, const char *message);

  private:
    std::mutex mutex_;
    deblur_log_callback callback_;
    void *cookie_;
};

} // namespace deblur
