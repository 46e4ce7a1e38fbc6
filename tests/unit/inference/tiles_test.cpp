// The arithmetic of tiles.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdexcept>

#include <gtest/gtest.h>

#include "inference/tiles.h"

namespace deblur {
namespace {

TEST(Tiles, OneWhereEverythingFits) {
    const auto tiles = plan_tiles(1080, 1920, 8, 48, [](int64_t, int64_t) { return true; });
    ASSERT_EQ(tiles.size(), 1u);
    EXPECT_EQ(tiles[0].outer_rows.length, 1080);
    EXPECT_EQ(tiles[0].columns.length, 1920);
}

TEST(Tiles, CoverEveryPixelOnceAndFit) {
    constexpr int64_t multiple = 8, halo = 48, room = 300 * 400;
    for (const auto &[height, width] : {std::pair{1080, 1920}, {720, 1280}, {8, 4000}, {4000, 8}}) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        const auto tiles = plan_tiles(height, width, multiple, halo,
                                      [](int64_t h, int64_t w) { return h * w <= room; });
        std::vector<int> covered(size_t(height) * width);
        for (const auto &tile : tiles) {
            EXPECT_LE(tile.outer_rows.length * tile.outer_columns.length, room);
            for (const auto &[own, outer, length] :
                 {std::tuple{tile.rows, tile.outer_rows, int64_t{height}},
                  {tile.columns, tile.outer_columns, int64_t{width}}}) {
                EXPECT_EQ(outer.begin, std::max<int64_t>(own.begin - halo, 0));
                EXPECT_EQ(outer.end(), std::min(own.end() + halo, length));
                EXPECT_EQ(own.begin % multiple + own.length % multiple, 0);
            }
            for (int64_t y = tile.rows.begin; y < tile.rows.end(); ++y)
                for (int64_t x = tile.columns.begin; x < tile.columns.end(); ++x)
                    ++covered[size_t(y) * width + x];
        }
        EXPECT_EQ(std::count(covered.begin(), covered.end(), 1), height * width);
    }
}

TEST(Tiles, TooLittleRoomIsAnError) {
    EXPECT_THROW(plan_tiles(64, 64, 8, 16, [](int64_t, int64_t) { return false; }),
                 std::runtime_error);
}

} // namespace
} // namespace deblur
