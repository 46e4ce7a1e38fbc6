// Loops that threads share as they come free.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>

namespace deblur::cpu {

/// Sets how many threads share the calling thread's loops, itself included, while it lives.
class ThreadCount {
  public:
    explicit ThreadCount(int count);
    ~ThreadCount();
    ThreadCount(const ThreadCount &) = delete;
    ThreadCount &operator=(const ThreadCount &) = delete;

  private:
    int before_;
};

/// Calls work(i) for each i in [0, count), in any order, and returns when all is done. A thread takes the next i when it is
/// done with one, so that one that gets no processor delays the others by what it has begun and no more. Who has
/// nothing to do sleeps. The calling thread keeps its helpers until it ends; in a loop within a loop it works alone.
///
/// @throws what the first failing call threw
void parallel_for(int count, const std::function<void(int)> &work);

/// The same for parts [from, to) of [begin, end): some for each thread.
void parallel_ranges(int begin, int end, const std::function<void(int, int)> &work);

/// Memory of the calling thread to work in, aligned to 64 bytes and zero at first; the next call may hand out the same.
void *scratch_memory(size_t bytes);

} // namespace deblur::cpu
