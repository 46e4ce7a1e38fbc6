// The colour transforms at points that are known without any code.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "picture/color.h"
#include "unit/picture/picture.h"

namespace deblur {
namespace {

std::array<float, 3> to_rgb(const deblur_format &format, float a, float b, float c) {
    const auto t = make_color_transform(format);
    std::array<float, 3> rgb;
    for (int k = 0; k < 3; ++k)
        rgb[k] = t.bias[k] + t.to_rgb[k][0] * a + t.to_rgb[k][1] * b + t.to_rgb[k][2] * c;
    return rgb;
}

void expect_rgb(const std::array<float, 3> &actual, float r, float g, float b) {
    EXPECT_NEAR(actual[0], r, 0.005);
    EXPECT_NEAR(actual[1], g, 0.005);
    EXPECT_NEAR(actual[2], b, 0.005);
}

TEST(Color, LimitedRangeBlackAndWhite) {
    for (const auto matrix :
         {DEBLUR_MATRIX_UNSPECIFIED, DEBLUR_MATRIX_BT709, DEBLUR_MATRIX_YCGCO}) {
        auto format = test::make_format("yuv420p", 64, 64);
        format.matrix = matrix;
        expect_rgb(to_rgb(format, 16, 128, 128), 0, 0, 0);
        expect_rgb(to_rgb(format, 235, 128, 128), 1, 1, 1);
    }
    expect_rgb(to_rgb(test::make_format("p010", 64, 64), 64, 512, 512), 0, 0, 0);
    expect_rgb(to_rgb(test::make_format("p010", 64, 64), 940, 512, 512), 1, 1, 1);
}

TEST(Color, FullRangeBlackAndWhite) {
    auto format = test::make_format("yuv444p", 64, 64);
    format.range = DEBLUR_RANGE_FULL;
    expect_rgb(to_rgb(format, 0, 128, 128), 0, 0, 0);
    expect_rgb(to_rgb(format, 255, 128, 128), 1, 1, 1);
    expect_rgb(to_rgb(test::make_format("rgb24", 64, 64), 255, 0, 51), 1, 0, 0.2f);
}

// 100% red in the tables of the standards.
TEST(Color, KnownRed) {
    auto format = test::make_format("yuv444p", 64, 64);
    format.matrix = DEBLUR_MATRIX_BT601;
    expect_rgb(to_rgb(format, 81.481f, 90.203f, 240), 1, 0, 0);
    format.matrix = DEBLUR_MATRIX_BT709;
    expect_rgb(to_rgb(format, 62.559f, 102.336f, 240), 1, 0, 0);
}

TEST(Color, UnspecifiedMatrixGoesByHeight) {
    auto small = test::make_format("yuv444p", 1280, 719), large = small;
    large.height = 720;
    expect_rgb(to_rgb(small, 81.481f, 90.203f, 240), 1, 0, 0);
    expect_rgb(to_rgb(large, 62.559f, 102.336f, 240), 1, 0, 0);
}

TEST(Color, GrayStaysGray) {
    expect_rgb(to_rgb(test::make_format("gray", 8, 8), 235, 0, 0), 1, 1, 1);
    const auto t = make_color_transform(test::make_format("gray", 8, 8));
    EXPECT_NEAR(t.from_rgb[0][0] + t.from_rgb[0][1] + t.from_rgb[0][2], 219, 1e-3);
}

} // namespace
} // namespace deblur
