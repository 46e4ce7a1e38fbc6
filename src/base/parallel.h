// Loops whose parts run at the same time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace deblur {

/// Calls body(begin, end) for parts of [0, count), on as many threads as OpenMP has for the calling one. An exception of
/// any of them comes out.
///
/// @param grain the smallest part that is worth a thread
template <class Body> void for_parts(int count, int grain, const Body &body) {
    const int parts = std::max(1, count / std::max(grain, 1));
    if (parts == 1)
        return body(0, count);
    std::exception_ptr failure;
#pragma omp parallel for schedule(static)
    for (int part = 0; part < parts; ++part) {
        const auto begin_of = [=](int i) { return static_cast<int>(static_cast<long long>(count) * i / parts); };
        try {
            body(begin_of(part), begin_of(part + 1));
        } catch (...) {
#pragma omp critical(deblur_parallel_failure)
            failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
}

/// How many threads the calling one's loops are shared by.
inline void set_thread_count([[maybe_unused]] int count) {
#ifdef _OPENMP
    omp_set_num_threads(count);
#endif
}

/// Rows of a picture in one part: enough work to be worth a thread.
inline int row_grain(int width) {
    return std::max(1, 65536 / width);
}

} // namespace deblur
