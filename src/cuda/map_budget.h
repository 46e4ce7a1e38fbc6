// How much of a GPU's memory the network's maps may take.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace deblur::cuda {

/// Bytes for the maps of one step: 0.7 of what is free, for cuDNN's workspaces and frames on their way need some, too,
/// and at most limit.
///
/// @param limit in bytes; 0 is none
inline int64_t map_budget(int64_t free, int64_t limit) {
    const auto share = static_cast<int64_t>(0.7 * static_cast<double>(free));
    return limit > 0 ? std::min(share, limit) : share;
}

} // namespace deblur::cuda
