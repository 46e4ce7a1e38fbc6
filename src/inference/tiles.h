// How a frame is divided where its maps do not fit into memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace deblur {

/// Along one axis, in pixels.
struct Span {
    int64_t begin, length;
    int64_t end() const { return begin + length; }
};

/// A part of a frame, and what must be computed for it to be right.
struct Tile {
    Span rows, columns;             ///< that are its own
    Span outer_rows, outer_columns; ///< with what they depend on, within the frame
};

/// Tiles that cover a frame, as few as there can be: one if everything fits.
///
/// @param height, width multiples of multiple, as every number in the result
/// @param halo          that a tile needs on each side, a multiple of multiple
/// @param fits          whether there is room for an outer height and width
/// @throws std::runtime_error if not even the smallest tile fits
std::vector<Tile> plan_tiles(int64_t height, int64_t width, int64_t multiple, int64_t halo,
                             const std::function<bool(int64_t, int64_t)> &fits);

} // namespace deblur
