// How many threads OpenMP, and with it oneDNN, uses for the calling thread.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <omp.h>

namespace deblur::cpu {

/// Sets the number while it lives.
class ThreadCount {
  public:
    explicit ThreadCount(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(count); }
    ~ThreadCount() { omp_set_num_threads(before_); }
    ThreadCount(const ThreadCount &) = delete;
    ThreadCount &operator=(const ThreadCount &) = delete;

  private:
    int before_;
};

} // namespace deblur::cpu
