// Thumbnails and the sharpness of known pictures, and against LibTorch's operations.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "picture/luma.h"
#include "torch/image_tensor.h"
#include "torch/tensor_pictures.h"

namespace deblur {
namespace {

float sharpness_of(const torch::Tensor &picture) {
    return sharpness(to_image(picture.contiguous()));
}

TEST(Sharpness, FlatIsZero) {
    EXPECT_NEAR(sharpness_of(at::full({1, 3, 1, 1}, 0.5)), 0, 1e-3);
    EXPECT_NEAR(sharpness_of(at::full({1, 3, 9, 7}, 0.5)), 0, 1e-3);
}

// Columns of 0 and 1: the Laplacian is 2 and -2 times 255 everywhere but at the edges, where it is half.
TEST(Sharpness, Stripes) {
    const auto stripes = at::arange(8).remainder(2).to(at::kFloat).expand({1, 3, 6, 8});
    const double inner = 6 * 2.0 * 2, edge = 2 * 1.0;
    EXPECT_NEAR(sharpness_of(stripes), 255 * 255 * (inner + edge) / 8, 1);
}

TEST(Sharpness, FallsWithBlur) {
    at::manual_seed(1);
    const auto noise = at::rand({1, 3, 20, 30});
    EXPECT_LT(sharpness_of(at::avg_pool2d(noise, 3, 1)), 0.2 * sharpness_of(noise));
}

class Luma : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Luma, IsThatOfTheReference) {
    const auto [height, width] = GetParam();
    at::manual_seed(2);
    const auto picture = at::rand({1, 3, height, width}), correction = at::randn({1, 3, height, width}) * 0.1;
    EXPECT_TRUE(to_tensor(thumbnail(to_image(picture))).allclose(thumbnail(picture), 1e-5, 1e-6));
    EXPECT_NEAR(sharpness_of(picture), sharpness(picture), 1e-4 * sharpness(picture) + 1e-3);
    const auto corrected = sharpness(picture + 0.7 * correction);
    EXPECT_NEAR(sharpness(to_image(picture), to_image(correction), 0.7f), corrected, 1e-4 * corrected + 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Luma,
                         testing::Values(std::pair{1, 1}, std::pair{1, 9}, std::pair{7, 1}, std::pair{35, 64},
                                         std::pair{37, 130}, std::pair{150, 301}));

} // namespace
} // namespace deblur
