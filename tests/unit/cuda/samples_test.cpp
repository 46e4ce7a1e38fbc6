// What the kernels do to a sample, run here on the CPU: against the reference, and against the CPU's own
// implementation, in every integer layout.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "cuda/picture_layout.h"
#include "cuda/samples.h"
#include "unit/picture/tensor_converter.h"
#include "unit/picture/picture.h"
#include "unit/picture/reference.h"

namespace deblur {
namespace {

using test::Picture;

std::vector<std::string> integer_layouts() {
    std::vector<std::string> names;
    for (const auto &name : test::layouts())
        if (cuda::is_for_kernels(test::make_format(name, 1, 1)))
            names.push_back(name);
    return names;
}

void expect_reads_as_reference(const deblur_format &format) {
    Picture picture(format);
    picture.fill_random(5);
    const auto layout = cuda::picture_layout(format);
    const auto planes = cuda::source_planes(picture.frame_in_place());
    const auto expected = test::reference_read(format, picture);
    for (int y = 0; y < format.height; ++y)
        for (int x = 0; x < format.width; ++x) {
            float rgb[3];
            cuda::read_pixel(layout, planes, x, y, rgb);
            for (int k = 0; k < 3; ++k)
                ASSERT_NEAR(rgb[k], expected[size_t(y) * format.width + x][k], 2e-6)
                    << "pixel " << x << "," << y << " channel " << k;
        }
}

// Within half a code of the exact change, and within one of what the CPU writes.
void expect_corrects_as_reference(const deblur_format &format, float strength, double amplitude) {
    Picture before(format);
    before.fill_random(7);
    Picture after = before, by_cpu = before;
    const auto correction =
        (at::randn({1, 3, format.height, format.width}) * amplitude).contiguous();
    auto frame = by_cpu.frame_in_place();
    frame.strength = strength;
    test::TensorConverter(format).correct(frame, correction);

    const auto layout = cuda::picture_layout(format);
    const auto planes = cuda::source_planes(after.frame_in_place());
    test::for_each_sample(format, after, [&](int c, int x, int y) {
        cuda::correct_sample(layout, c, planes, planes, x, y, correction.data_ptr<float>(), strength);
    });

    std::vector<test::Rgb> pixels;
    const auto values = correction.accessor<float, 4>();
    for (int y = 0; y < format.height; ++y)
        for (int x = 0; x < format.width; ++x)
            pixels.push_back({values[0][0][y][x] * double{strength},
                              values[0][1][y][x] * double{strength},
                              values[0][2][y][x] * double{strength}});
    test::for_each_sample(format, before, [&](int c, int x, int y) {
        const double maximum = std::pow(2.0, format.component[c].depth) - 1;
        const double change = test::reference_change(format, pixels, c, x, y);
        const double exact = std::fmin(std::fmax(before.get(c, x, y) + change, 0), maximum);
        ASSERT_LE(std::abs(after.get(c, x, y) - exact), 0.5 + 2e-6 * maximum)
            << "component " << c << " at " << x << "," << y;
        ASSERT_LE(std::abs(after.get(c, x, y) - by_cpu.get(c, x, y)), 1)
            << "component " << c << " at " << x << "," << y;
        after.set(c, x, y, before.get(c, x, y));
    });
    EXPECT_TRUE(after == before) << "something beside the samples was changed";
}

// As the CPU shows a map.
void expect_shows_as_cpu(const deblur_format &format, float strength) {
    Picture actual(format);
    actual.fill_random(11);
    Picture expected = actual;
    const auto map = at::rand({1, 1, format.height, format.width});
    auto frame = expected.frame_in_place();
    frame.strength = strength;
    test::TensorConverter(format).show(frame, map);

    const auto layout = cuda::picture_layout(format);
    const auto planes = cuda::source_planes(actual.frame_in_place());
    test::for_each_sample(format, actual, [&](int c, int x, int y) {
        cuda::show_sample(layout, c, planes, planes, x, y, map.data_ptr<float>(), strength);
    });
    test::for_each_sample(format, expected, [&](int c, int x, int y) {
        ASSERT_NEAR(actual.get(c, x, y), expected.get(c, x, y), 1) << "component " << c << " at " << x << "," << y;
        actual.set(c, x, y, expected.get(c, x, y));
    });
    EXPECT_TRUE(actual == expected) << "something beside the samples was changed";
}

class Samples : public testing::TestWithParam<std::string> {};

TEST_P(Samples, EverySizeAndStrength) {
    for (const auto &[width, height] : {std::pair{1, 1}, {3, 5}, {2, 1}, {37, 21}}) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        const auto format = test::make_format(GetParam(), width, height);
        expect_reads_as_reference(format);
        expect_corrects_as_reference(format, 1, 0.05);
        expect_corrects_as_reference(format, 0.3f, 1.0); // clips
        expect_shows_as_cpu(format, 1);
        expect_shows_as_cpu(format, 0.4f);
    }
}

TEST_P(Samples, EveryMatrixRangeAndLocation) {
    auto format = test::make_format(GetParam(), 11, 10);
    for (int matrix = DEBLUR_MATRIX_UNSPECIFIED; matrix <= DEBLUR_MATRIX_IDENTITY; ++matrix)
        for (const auto range : {DEBLUR_RANGE_LIMITED, DEBLUR_RANGE_FULL}) {
            SCOPED_TRACE("matrix " + std::to_string(matrix) + " range " + std::to_string(range));
            format.matrix = static_cast<deblur_matrix>(matrix);
            format.range = range;
            // In turn, to save time: it does not depend on the matrix.
            format.chroma_location = static_cast<deblur_chroma_location>(matrix % 7);
            expect_reads_as_reference(format);
            expect_corrects_as_reference(format, 1, 0.1);
        }
}

TEST_P(Samples, EveryField) {
    auto format = test::make_format(GetParam(), 11, 10);
    for (const auto field : {DEBLUR_FIELD_TOP, DEBLUR_FIELD_BOTTOM})
        for (const auto location : {DEBLUR_CHROMA_LEFT, DEBLUR_CHROMA_BOTTOM}) {
            SCOPED_TRACE("field " + std::to_string(field) + " at " + std::to_string(location));
            format.field = field;
            format.chroma_location = location;
            expect_reads_as_reference(format);
            expect_corrects_as_reference(format, 1, 0.1);
        }
}

TEST_P(Samples, ZeroAndNaNChangeNothing) {
    const auto format = test::make_format(GetParam(), 9, 6);
    const auto layout = cuda::picture_layout(format);
    Picture picture(format);
    picture.fill_random(1);
    const Picture before = picture;
    const auto planes = cuda::source_planes(picture.frame_in_place());
    for (const float value : {0.0f, std::nanf("")}) {
        const auto correction = at::full({1, 3, 6, 9}, value);
        for (int c = 0; c < layout.components; ++c)
            for (int y = 0; y < layout.component[c].down.samples; ++y)
                for (int x = 0; x < layout.component[c].across.samples; ++x)
                    cuda::correct_sample(layout, c, planes, planes, x, y,
                                         correction.data_ptr<float>(), 1);
        EXPECT_TRUE(picture == before);
    }
}

// Planes are staged as whole rows: they hold every sample, and no byte behind the last.
TEST_P(Samples, PlaneSizes) {
    const auto format = test::make_format(GetParam(), 11, 7);
    const auto layout = cuda::picture_layout(format);
    const auto sizes = cuda::plane_sizes(layout);
    std::map<int, size_t> needed;
    for (int c = 0; c < layout.components; ++c) {
        const auto &component = layout.component[c];
        EXPECT_EQ(sizes[component.plane].rows, component.down.samples);
        const size_t last = size_t(component.across.samples - 1) * component.step + component.begin;
        needed[component.plane] =
            std::max(needed[component.plane], last + (component.is_word ? 2 : 1));
    }
    for (const auto &[plane, bytes] : needed)
        EXPECT_EQ(sizes[plane].row_bytes, bytes);
    EXPECT_EQ(sizes[3].row_bytes, 0u);
}

INSTANTIATE_TEST_SUITE_P(Layouts, Samples, testing::ValuesIn(integer_layouts()),
                         [](const auto &info) { return info.param; });

} // namespace
} // namespace deblur
