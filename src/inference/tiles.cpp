// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/tiles.h"

#include <algorithm>
#include <stdexcept>

namespace deblur {

namespace {

// The larger of count parts of about the same length.
int64_t part_length(int64_t length, int64_t count, int64_t multiple) {
    const int64_t units = length / multiple;
    return (units + count - 1) / count * multiple;
}

int64_t outer_length(int64_t length, int64_t count, int64_t multiple, int64_t halo) {
    return count == 1 ? length
                      : std::min(length, part_length(length, count, multiple) + 2 * halo);
}

} // namespace

std::vector<Tile> plan_tiles(int64_t height, int64_t width, int64_t multiple, int64_t halo,
                             const std::function<bool(int64_t, int64_t)> &fits) {
    int64_t down = 1, across = 1; // how many
    const auto outer_height = [&] { return outer_length(height, down, multiple, halo); };
    const auto outer_width = [&] { return outer_length(width, across, multiple, halo); };
    while (!fits(outer_height(), outer_width())) {
        const int64_t rows = part_length(height, down, multiple);
        const int64_t columns = part_length(width, across, multiple);
        if (rows <= multiple && columns <= multiple)
            throw std::runtime_error("there is not enough memory for the smallest part of a frame");
        ++(rows >= columns ? down : across);
    }
    std::vector<Tile> tiles;
    const int64_t rows = part_length(height, down, multiple);
    const int64_t columns = part_length(width, across, multiple);
    const auto outer = [halo](const Span &own, int64_t length) {
        const int64_t begin = std::max<int64_t>(own.begin - halo, 0);
        return Span{begin, std::min(own.end() + halo, length) - begin};
    };
    for (int64_t y = 0; y < height; y += rows)
        for (int64_t x = 0; x < width; x += columns) {
            const Span own_rows{y, std::min(rows, height - y)};
            const Span own_columns{x, std::min(columns, width - x)};
            tiles.push_back({own_rows, own_columns, outer(own_rows, height),
                             outer(own_columns, width)});
        }
    return tiles;
}

} // namespace deblur
