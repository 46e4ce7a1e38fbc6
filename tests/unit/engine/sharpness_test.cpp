// The sharpness of known pictures.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "engine/sharpness.h"

namespace deblur {
namespace {

TEST(Sharpness, FlatIsZero) {
    EXPECT_EQ(sharpness(at::full({1, 3, 1, 1}, 0.5)), 0);
    EXPECT_NEAR(sharpness(at::full({1, 3, 9, 7}, 0.5)), 0, 1e-6);
}

// Columns of 0 and 1: the Laplacian is 2 and -2 times 255 everywhere but at the edges, where it is half.
TEST(Sharpness, Stripes) {
    const auto stripes = at::arange(8).remainder(2).to(at::kFloat).expand({1, 3, 6, 8});
    const double inner = 6 * 2.0 * 2, edge = 2 * 1.0;
    EXPECT_NEAR(sharpness(stripes), 255 * 255 * (inner + edge) / 8, 1);
}

TEST(Sharpness, FallsWithBlur) {
    at::manual_seed(1);
    const auto noise = at::rand({1, 3, 20, 30});
    EXPECT_LT(sharpness(at::avg_pool2d(noise, 3, 1)), 0.2 * sharpness(noise));
}

} // namespace
} // namespace deblur
