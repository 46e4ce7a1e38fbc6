// Motion of features without flow: groups of channels that look in eight directions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

namespace deblur {

/// Channels of a map that move together: map'(x, y) = map(x - dx, y - dy), zero from outside.
struct ChannelShift {
    int begin, count; ///< channels
    int dx, dy;       ///< cells of the map
};

constexpr int kShiftDirections = 8;

/// The first half of the channels stays. The other half is divided among the eight directions, each moved by `distance`
/// cells: what was there a frame ago is here now. A convolution that follows chooses among them. (After the grouped
/// spatial shift of Li et al., "A Simple Baseline for Video Restoration with Grouped Spatial-temporal Shift", CVPR 2023.)
///
/// @param channels a multiple of 16
inline std::array<ChannelShift, kShiftDirections + 1> channel_shifts(int channels, int distance) {
    constexpr int kDirections[kShiftDirections][2] = {{-1, -1}, {0, -1}, {1, -1}, {-1, 0},
                                                      {1, 0},   {-1, 1}, {0, 1},  {1, 1}};
    const int half = channels / 2, group = half / kShiftDirections;
    std::array<ChannelShift, kShiftDirections + 1> shifts{};
    shifts[0] = {0, half, 0, 0};
    for (int i = 0; i < kShiftDirections; ++i)
        shifts[static_cast<size_t>(i) + 1] = {half + i * group, group, distance * kDirections[i][0],
                                              distance * kDirections[i][1]};
    return shifts;
}

} // namespace deblur
