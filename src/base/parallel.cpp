// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/parallel.h"

#include <cstdint>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace deblur {

void set_thread_count([[maybe_unused]] int count) {
#ifdef _OPENMP
    omp_set_num_threads(count);
#endif
}

void for_parts(int count, int grain, const std::function<void(int, int)> &body) {
    const int parts = std::max(1, count / std::max(grain, 1));
    if (parts == 1)
        return body(0, count);
    const auto begin_of = [=](int part) { return static_cast<int>(int64_t{count} * part / parts); };
    std::exception_ptr failure;
#pragma omp parallel for schedule(static)
    for (int part = 0; part < parts; ++part) {
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

} // namespace deblur
