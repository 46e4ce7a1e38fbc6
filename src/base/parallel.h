// Loops whose parts run at the same time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <functional>

namespace deblur {

/// How many threads share the loops of the calling one.
void set_thread_count(int count);

/// Calls body(begin, end) for parts of [0, count). An exception of any of them comes out.
///
/// @param grain the smallest part that is worth a thread
void for_parts(int count, int grain, const std::function<void(int, int)> &body);

/// Rows of a picture in one part: enough work to be worth a thread.
inline int row_grain(int width) {
    return std::max(1, 65536 / width);
}

} // namespace deblur
