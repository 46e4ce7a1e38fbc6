// Pictures extended beyond their edges.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <type_traits>
#include <vector>

namespace deblur {

/// The smallest multiple that is not below value; value is not negative.
template <class Integer> constexpr Integer round_up(Integer value, std::common_type_t<Integer> multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

/// Where position x >= 0 of a line lies that is extended by reflection without repeating the edge; a line of one is
/// repeated. Beyond a second reflection it repeats.
inline int reflect(int x, int length) {
    if (length == 1)
        return 0;
    const int period = 2 * (length - 1), position = x % period;
    return position < length ? position : period - position;
}

/// The same for all positions of the extended line.
inline std::vector<int> reflected_positions(int extended, int length) {
    std::vector<int> positions;
    for (int x = 0; x < extended; ++x)
        positions.push_back(reflect(x, length));
    return positions;
}

} // namespace deblur
