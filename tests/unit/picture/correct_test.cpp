// Writing corrections back, against the reference; and what must not change at all.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "unit/picture/tensor_converter.h"
#include "unit/picture/picture.h"
#include "unit/picture/reference.h"

namespace deblur {
namespace {

using test::Picture;
using test::Rgb;

std::vector<Rgb> to_pixels(const torch::Tensor &correction, double factor) {
    const auto values = correction.accessor<float, 4>();
    std::vector<Rgb> pixels;
    for (int64_t y = 0; y < correction.size(2); ++y)
        for (int64_t x = 0; x < correction.size(3); ++x)
            pixels.push_back({values[0][0][y][x] * factor, values[0][1][y][x] * factor,
                              values[0][2][y][x] * factor});
    return pixels;
}

void expect_corrected_as_reference(const deblur_format &format, float strength, double amplitude) {
    Picture before(format);
    before.fill_random(7);
    Picture after = before;
    auto frame = after.frame_in_place();
    frame.strength = strength;
    const auto correction = at::randn({1, 3, format.height, format.width}) * amplitude;
    test::TensorConverter(format).correct(frame, correction);

    const auto pixels = to_pixels(correction, strength);
    test::for_each_sample(format, before, [&](int c, int x, int y) {
        const double change = test::reference_change(format, pixels, c, x, y);
        const double old_code = before.get(c, x, y), new_code = after.get(c, x, y);
        if (format.sample_type == DEBLUR_SAMPLE_FLOAT) {
            const double ulp = format.component[c].depth == 16 ? 0x1p-11 : 0x1p-22;
            ASSERT_NEAR(new_code, old_code + change, ulp * (1 + std::abs(change)));
            return;
        }
        const double maximum = std::pow(2.0, format.component[c].depth) - 1;
        const double exact = std::fmin(std::fmax(old_code + change, 0), maximum);
        // Half a code value is rounding; fp32 may tip the balance.
        ASSERT_LE(std::abs(new_code - exact), 0.5 + 2e-6 * maximum)
            << "component " << c << " at " << x << "," << y << ": " << old_code << " + " << change;
    });
}

class Correct : public testing::TestWithParam<std::string> {};

TEST_P(Correct, ZeroIsBitExact) {
    for (const auto &[width, height] : {std::pair{1, 1}, {3, 5}, {64, 9}}) {
        const auto format = test::make_format(GetParam(), width, height);
        Picture picture(format);
        picture.fill_random(1);
        const Picture before = picture;
        test::TensorConverter(format).correct(picture.frame_in_place(), at::zeros({1, 3, height, width}));
        EXPECT_TRUE(picture == before);
    }
}

TEST_P(Correct, StrengthZeroIsBitExact) {
    const auto format = test::make_format(GetParam(), 13, 6);
    Picture picture(format);
    picture.fill_random(1);
    const Picture before = picture;
    auto frame = picture.frame_in_place();
    frame.strength = 0;
    test::TensorConverter(format).correct(frame, at::randn({1, 3, 6, 13}));
    EXPECT_TRUE(picture == before);
}

TEST_P(Correct, NotFiniteIsNoChange) {
    const auto format = test::make_format(GetParam(), 8, 4);
    Picture picture(format);
    picture.fill_random(1);
    const Picture before = picture;
    test::TensorConverter(format).correct(picture.frame_in_place(),
                              at::full({1, 3, 4, 8}, std::numeric_limits<float>::quiet_NaN()));
    EXPECT_TRUE(picture == before);
}

TEST_P(Correct, EverySizeAndStrength) {
    for (const auto &[width, height] : {std::pair{1, 1}, {3, 5}, {2, 1}, {37, 21}})
        for (const float strength : {1.0f, 0.3f}) {
            SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
            const auto format = test::make_format(GetParam(), width, height);
            expect_corrected_as_reference(format, strength, 0.05);
            expect_corrected_as_reference(format, strength, 1.0); // clips
        }
}

TEST_P(Correct, EveryMatrixAndRange) {
    auto format = test::make_format(GetParam(), 9, 7);
    for (int matrix = DEBLUR_MATRIX_UNSPECIFIED; matrix <= DEBLUR_MATRIX_IDENTITY; ++matrix)
        for (const auto range : {DEBLUR_RANGE_LIMITED, DEBLUR_RANGE_FULL}) {
            SCOPED_TRACE("matrix " + std::to_string(matrix) + " range " + std::to_string(range));
            format.matrix = static_cast<deblur_matrix>(matrix);
            format.range = range;
            expect_corrected_as_reference(format, 1, 0.1);
        }
}

TEST_P(Correct, EveryChromaLocation) {
    auto format = test::make_format(GetParam(), 11, 10);
    for (int location = DEBLUR_CHROMA_UNSPECIFIED; location <= DEBLUR_CHROMA_BOTTOM; ++location) {
        SCOPED_TRACE("location " + std::to_string(location));
        format.chroma_location = static_cast<deblur_chroma_location>(location);
        expect_corrected_as_reference(format, 1, 0.1);
    }
}

TEST_P(Correct, EveryField) {
    auto format = test::make_format(GetParam(), 11, 10);
    for (const auto field : {DEBLUR_FIELD_TOP, DEBLUR_FIELD_BOTTOM})
        for (const auto location :
             {DEBLUR_CHROMA_LEFT, DEBLUR_CHROMA_TOPLEFT, DEBLUR_CHROMA_BOTTOM}) {
            SCOPED_TRACE("field " + std::to_string(field) + " location " +
                         std::to_string(location));
            format.field = field;
            format.chroma_location = location;
            expect_corrected_as_reference(format, 1, 0.1);
        }
}

// Bytes between samples (alpha, row padding) belong to the caller.
TEST_P(Correct, TouchesNothingButSamples) {
    const auto format = test::make_format(GetParam(), 10, 6);
    Picture after(format);
    after.fill_random(2);
    const Picture before = after;
    test::TensorConverter(format).correct(after.frame_in_place(), at::full({1, 3, 6, 10}, 0.2));
    EXPECT_FALSE(after == before);
    test::for_each_sample(format, before,
                          [&](int c, int x, int y) { after.set(c, x, y, before.get(c, x, y)); });
    EXPECT_TRUE(after == before);
}

TEST_P(Correct, IntoAnotherPicture) {
    const auto format = test::make_format(GetParam(), 10, 6);
    const auto correction = at::randn({1, 3, 6, 10}) * 0.1;
    Picture source(format);
    source.fill_random(2);
    const Picture before = source;
    Picture destination = source, in_place = source;
    test::TensorConverter(format).correct(source.frame_into(destination), correction);
    test::TensorConverter(format).correct(in_place.frame_in_place(), correction);
    EXPECT_TRUE(source == before);
    EXPECT_TRUE(destination == in_place);
}

INSTANTIATE_TEST_SUITE_P(Layouts, Correct, testing::ValuesIn(test::layouts()),
                         [](const auto &info) { return info.param; });

TEST(Rounding, ToNearestOnBothSides) {
    const auto format = test::make_format("rgb24", 4, 1);
    Picture picture(format);
    for (int x = 0; x < 4; ++x)
        for (int c = 0; c < 3; ++c)
            picture.set(c, x, 0, 100);
    const auto correction = (at::tensor({0.499f, -0.499f, 0.501f, -0.501f}) / 255)
                                .view({1, 1, 1, 4})
                                .expand({1, 3, 1, 4});
    test::TensorConverter(format).correct(picture.frame_in_place(), correction);
    EXPECT_EQ(picture.get(0, 0, 0), 100);
    EXPECT_EQ(picture.get(0, 1, 0), 100);
    EXPECT_EQ(picture.get(0, 2, 0), 101);
    EXPECT_EQ(picture.get(0, 3, 0), 99);
}

// Ten bits in a word leave room for values that no code has: they pass unless they are changed.
TEST(Clipping, OnlyWhatChanges) {
    const auto format = test::make_format("yuv420p10", 2, 2);
    Picture picture(format);
    for (int x = 0; x < 2; ++x) {
        picture.set(0, x, 0, 1500);
        picture.set(0, x, 1, 2);
    }
    auto correction = at::zeros({1, 3, 2, 2});
    test::TensorConverter(format).correct(picture.frame_in_place(), correction);
    EXPECT_EQ(picture.get(0, 0, 0), 1500);
    correction.select(3, 0).fill_(-0.1);
    test::TensorConverter(format).correct(picture.frame_in_place(), correction);
    EXPECT_EQ(picture.get(0, 0, 0), 1023);
    EXPECT_EQ(picture.get(0, 1, 0), 1500);
    EXPECT_EQ(picture.get(0, 0, 1), 0);
    EXPECT_EQ(picture.get(0, 1, 1), 2);
}

// A pixel that is no number stays that, to the last bit; its neighbours are corrected, and the
// network is shown something finite.
TEST(Floats, NotFiniteSamplesStay) {
    const float inf = std::numeric_limits<float>::infinity(), nan = std::nanf("123");
    for (const char *layout : {"gbrpf32", "gbrpf32be", "rgbaf16", "grayf32"}) {
        SCOPED_TRACE(layout);
        const auto format = test::make_format(layout, 5, 1);
        Picture picture(format);
        picture.fill_random(1);
        for (const auto &[x, value] : {std::pair{0, nan}, {1, inf}, {2, -inf}})
            picture.set(0, x, 0, value);
        const Picture before = picture;
        const test::TensorConverter converter(format);
        const auto image = converter.read(picture.frame_in_place());
        EXPECT_TRUE(at::isfinite(image).all().item<bool>());
        EXPECT_LE(image.abs().max().item<float>(), 8);
        converter.correct(picture.frame_in_place(), at::full({1, 3, 1, 5}, 0.25));
        EXPECT_NE(picture.get(0, 3, 0), before.get(0, 3, 0));
        EXPECT_NE(picture.get(0, 4, 0), before.get(0, 4, 0));
        picture.set(0, 3, 0, before.get(0, 3, 0));
        picture.set(0, 4, 0, before.get(0, 4, 0));
        if (format.model == DEBLUR_MODEL_RGB)
            for (int c = 1; c < 3; ++c)
                for (int x = 0; x < 5; ++x) {
                    EXPECT_NE(picture.get(c, x, 0), before.get(c, x, 0));
                    picture.set(c, x, 0, before.get(c, x, 0));
                }
        EXPECT_TRUE(picture == before);
    }
}

// Whatever the picture was, a map becomes grays: neutral chroma, and luma from black to white.
TEST(Show, WritesGrays) {
    for (const char *layout : {"yuv420p", "yuv422p", "yuv444p12", "nv12", "gbrp", "rgb48", "gray"}) {
        SCOPED_TRACE(layout);
        const auto format = test::make_format(layout, 18, 13);
        const test::TensorConverter converter(format);
        Picture picture(format);
        picture.fill_random(3);
        const auto map = at::linspace(0, 1, 18).expand({1, 1, 13, 18});
        auto half = picture.frame_in_place();
        half.strength = 0;
        const Picture before = picture;
        converter.show(half, map);
        EXPECT_TRUE(picture == before);
        converter.show(picture.frame_in_place(), map);
        if (format.log2_chroma_w == 0) {
            const auto shown = converter.read(picture.frame_in_place());
            EXPECT_LT((shown - map).abs().max().item<float>(), 0.003);
        }
        if (format.component[0].depth == 8) {
            const bool is_full = format.model == DEBLUR_MODEL_RGB;
            EXPECT_EQ(picture.get(0, 0, 0), is_full ? 0 : 16);
            EXPECT_EQ(picture.get(0, 17, 5), is_full ? 255 : 235);
        }
        if (format.model == DEBLUR_MODEL_YUV) {
            const int middle = 1 << (format.component[1].depth - 1); // as that of Cr
            test::for_each_sample(format, picture, [&](int c, int x, int y) {
                if (c > 0) {
                    ASSERT_EQ(picture.get(c, x, y), middle) << x << "," << y;
                }
            });
        }
    }
}

// Read, change nothing but the known difference to a second picture, write: that picture.
TEST(RoundTrip, CorrectionToAnotherPictureIsThatPicture) {
    for (const char *layout : {"yuv444p", "rgb24", "gbrp", "yuv444p12", "rgb48", "gbrp14be"}) {
        SCOPED_TRACE(layout);
        const auto format = test::make_format(layout, 31, 17);
        const test::TensorConverter converter(format);
        Picture from(format), to(format);
        from.fill_random(3);
        to.fill_random(4);
        Picture result = from;
        converter.correct(result.frame_in_place(), converter.read(to.frame_in_place()) -
                                                       converter.read(from.frame_in_place()));
        test::for_each_sample(format, from, [&](int c, int x, int y) {
            ASSERT_EQ(result.get(c, x, y), to.get(c, x, y)) << c << " " << x << "," << y;
        });
    }
}

} // namespace
} // namespace deblur
