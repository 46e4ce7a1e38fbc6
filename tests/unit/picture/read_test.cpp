// Reading pictures against the reference.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "unit/picture/tensor_converter.h"
#include "unit/picture/picture.h"
#include "unit/picture/reference.h"

namespace deblur {
namespace {

using test::Picture;

void expect_read_equals_reference(const deblur_format &format) {
    Picture picture(format);
    picture.fill_random(5);
    const Picture before = picture;
    const auto image = test::TensorConverter(format).read(picture.frame_in_place());
    ASSERT_EQ(image.sizes(), at::IntArrayRef({1, 3, format.height, format.width}));
    const auto expected = test::reference_read(format, picture);
    const auto actual = image.accessor<float, 4>();
    for (int y = 0; y < format.height; ++y)
        for (int x = 0; x < format.width; ++x)
            for (int k = 0; k < 3; ++k)
                ASSERT_NEAR(actual[0][k][y][x], expected[size_t(y) * format.width + x][k], 2e-6)
                    << "pixel " << x << "," << y << " channel " << k;
    EXPECT_TRUE(picture == before);
}

class Read : public testing::TestWithParam<std::string> {};

TEST_P(Read, EverySize) {
    for (const auto &[width, height] : {std::pair{1, 1}, {3, 5}, {2, 1}, {16, 8}, {37, 21}}) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        expect_read_equals_reference(test::make_format(GetParam(), width, height));
    }
}

TEST_P(Read, EveryMatrixAndRange) {
    auto format = test::make_format(GetParam(), 9, 7);
    for (int matrix = DEBLUR_MATRIX_UNSPECIFIED; matrix <= DEBLUR_MATRIX_IDENTITY; ++matrix)
        for (const auto range : {DEBLUR_RANGE_LIMITED, DEBLUR_RANGE_FULL}) {
            SCOPED_TRACE("matrix " + std::to_string(matrix) + " range " + std::to_string(range));
            format.matrix = static_cast<deblur_matrix>(matrix);
            format.range = range;
            expect_read_equals_reference(format);
        }
}

TEST_P(Read, EveryChromaLocation) {
    auto format = test::make_format(GetParam(), 11, 10);
    for (int location = DEBLUR_CHROMA_UNSPECIFIED; location <= DEBLUR_CHROMA_BOTTOM; ++location) {
        SCOPED_TRACE("location " + std::to_string(location));
        format.chroma_location = static_cast<deblur_chroma_location>(location);
        expect_read_equals_reference(format);
    }
}

TEST_P(Read, EveryField) {
    auto format = test::make_format(GetParam(), 11, 10);
    for (const auto field : {DEBLUR_FIELD_TOP, DEBLUR_FIELD_BOTTOM}) {
        SCOPED_TRACE("field " + std::to_string(field));
        format.field = field;
        expect_read_equals_reference(format);
    }
}

INSTANTIATE_TEST_SUITE_P(Layouts, Read, testing::ValuesIn(test::layouts()),
                         [](const auto &info) { return info.param; });

// A horizontal ramp of chroma that is linear in space must be read as linear: the test of siting
// that needs no reference.
TEST(Siting, LinearChromaStaysLinear) {
    for (const auto location : {DEBLUR_CHROMA_LEFT, DEBLUR_CHROMA_CENTER}) {
        auto format = test::make_format("yuv420p", 32, 8);
        format.chroma_location = location;
        Picture picture(format);
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < picture.height(c); ++y)
                for (int x = 0; x < picture.width(c); ++x)
                    picture.set(c, x, y, c == 2 ? 60 + 8 * x : 128);
        const auto red = test::TensorConverter(format).read(picture.frame_in_place()).select(1, 0).select(1, 4);
        const auto steps = red.slice(1, 2, 30) - red.slice(1, 1, 29);
        EXPECT_LT((steps - steps.mean()).abs().max().item<float>(), 1e-5);
        // Cr = 128 + 4 (x - offset) - 68 there, 1.402 / 224 of it is red's share.
        const double offset = location == DEBLUR_CHROMA_LEFT ? 0 : 0.5;
        EXPECT_NEAR(red[0][16].item<float>(),
                    (128 - 16) / 219.0 + 1.402 / 224 * (60 + 4 * (16 - offset) - 128), 1e-5);
    }
}

} // namespace
} // namespace deblur
