// The kernels that read and change pictures, run on the CPU, against the CPU's own implementation: every sample is
// reached, and nothing else. What they do to a sample is tested in unit/cuda/samples_test.cpp.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "cuda/kernels.h"
#include "cuda/picture_layout.h"
#include "unit/picture/tensor_converter.h"
#include "unit/picture/picture.h"
#include "unit/picture/reference.h"

namespace deblur {
namespace {

using test::Picture;

// Calls body with each integer layout and size, and a picture of it.
template <class Body> void for_each_picture(const Body &body) {
    for (const auto &name : test::layouts())
        for (const auto &[width, height] : {std::pair{1, 1}, {33, 9}, {70, 17}}) {
            const auto format = test::make_format(name, width, height);
            if (!cuda::is_for_kernels(format))
                continue;
            SCOPED_TRACE(name + " " + std::to_string(width) + "x" + std::to_string(height));
            Picture picture(format);
            picture.fill_random(3);
            body(format, picture);
        }
}

void expect_within_a_code(const deblur_format &format, Picture &actual, const Picture &expected) {
    test::for_each_sample(format, expected, [&](int c, int x, int y) {
        ASSERT_NEAR(actual.get(c, x, y), expected.get(c, x, y), 1) << "component " << c << " at " << x << "," << y;
        actual.set(c, x, y, expected.get(c, x, y));
    });
    EXPECT_TRUE(actual == expected) << "something beside the samples was changed";
}

TEST(PictureKernels, Read) {
    for_each_picture([](const deblur_format &format, Picture &picture) {
        auto rgb = at::full({1, 3, format.height, format.width}, 9.0f);
        cuda::read_picture(cuda::picture_layout(format), cuda::source_planes(picture.frame_in_place()),
                           rgb.data_ptr<float>(), nullptr);
        EXPECT_TRUE(rgb.allclose(test::TensorConverter(format).read(picture.frame_in_place()), 0, 4e-6));
    });
}

TEST(PictureKernels, Correct) {
    for_each_picture([](const deblur_format &format, Picture &picture) {
        const auto correction = at::randn({1, 3, format.height, format.width}) * 0.1;
        Picture expected = picture, actual = picture;
        auto frame = expected.frame_in_place();
        frame.strength = 0.7f;
        test::TensorConverter(format).correct(frame, correction);
        const auto destination = cuda::destination_planes(actual.frame_in_place());
        const bool is_finite = true, is_not = false;
        const auto correct = [&](const bool &finite) {
            cuda::correct_picture(cuda::picture_layout(format), cuda::source_planes(picture.frame_in_place()), destination,
                                  correction.data_ptr<float>(), 0.7f, &finite, nullptr);
        };
        correct(is_not);
        EXPECT_TRUE(actual == picture);
        correct(is_finite);
        expect_within_a_code(format, actual, expected);
    });
}

TEST(PictureKernels, Show) {
    for_each_picture([](const deblur_format &format, Picture &picture) {
        const auto map = at::rand({1, 1, format.height, format.width});
        Picture expected = picture;
        auto frame = expected.frame_in_place();
        frame.strength = 0.4f;
        test::TensorConverter(format).show(frame, map);
        const auto planes = cuda::source_planes(picture.frame_in_place());
        const bool is_finite = true;
        cuda::show_picture(cuda::picture_layout(format), planes, planes, map.data_ptr<float>(), 0.4f, &is_finite, nullptr);
        expect_within_a_code(format, picture, expected);
    });
}

} // namespace
} // namespace deblur
