// Between picture size and working size.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "picture/resize.h"

namespace deblur {
namespace {

TEST(Resize, SameSizeIsTheSameTensor) {
    const auto x = at::rand({1, 3, 5, 7});
    EXPECT_TRUE(resize(x, 5, 7).is_same(x));
}

TEST(Resize, ConstantsStayConstant) {
    const auto x = at::full({1, 3, 48, 64}, 0.25);
    for (const auto &[height, width] : {std::pair{1, 1}, {17, 31}, {96, 128}, {48, 20}}) {
        const auto y = resize(x, height, width);
        ASSERT_EQ(y.sizes(), at::IntArrayRef({1, 3, height, width}));
        EXPECT_LT((y - 0.25).abs().max().item<float>(), 1e-6);
    }
    EXPECT_EQ(resize(at::zeros({1, 3, 9, 9}), 20, 20).abs().max().item<float>(), 0);
}

// The finest pattern must vanish when half its samples go, not turn into another pattern.
TEST(Resize, ShrinkingDoesNotAlias) {
    const auto stripes = at::arange(64).remainder(2).to(at::kFloat).expand({1, 3, 64, 64});
    EXPECT_LT((resize(stripes, 64, 24) - 0.5).abs().max().item<float>(), 0.1);
}

TEST(Resize, CornersAreNotShifted) {
    const auto ramp = at::arange(64, at::kFloat).expand({1, 1, 64, 64}).contiguous();
    const auto half = resize(ramp, 32, 32);
    EXPECT_NEAR(half[0][0][16][16].item<float>(), 32.5, 0.01); // centre of pixels 32 and 33
}

} // namespace
} // namespace deblur
