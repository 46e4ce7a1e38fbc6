// Padding to multiples, and its inverse.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/padding.h"

namespace deblur {
namespace {

TEST(Padding, ReflectsWithoutRepeatingTheEdge) {
    const auto row = at::arange(5, at::kFloat).view({1, 1, 1, 5});
    const auto padded = pad_to_multiple(row, 8).select(2, 0).flatten();
    EXPECT_TRUE(at::equal(padded, at::tensor({0.f, 1.f, 2.f, 3.f, 4.f, 3.f, 2.f, 1.f})));
}

TEST(Padding, IsUndoneByCrop) {
    for (const int64_t height : {1, 2, 3, 9})
        for (const int64_t width : {1, 2, 5, 8})
            for (const int64_t multiple : {1, 2, 8}) {
                const auto x = at::rand({2, 3, height, width});
                const auto padded = pad_to_multiple(x, multiple);
                EXPECT_EQ(padded.size(2) % multiple, 0);
                EXPECT_EQ(padded.size(3) % multiple, 0);
                EXPECT_LT(padded.size(2), height + multiple);
                EXPECT_LT(padded.size(3), width + multiple);
                EXPECT_TRUE(at::equal(crop(padded, height, width), x));
            }
}

TEST(Padding, KeepsTheMemoryFormat) {
    const auto x = at::rand({1, 3, 5, 5}).contiguous(at::MemoryFormat::ChannelsLast);
    EXPECT_TRUE(pad_to_multiple(x, 2).is_contiguous(at::MemoryFormat::ChannelsLast));
}

} // namespace
} // namespace deblur
