// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/flow.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace deblur {
namespace {

constexpr int64_t kSize = 128, kMargin = 24;

torch::Tensor texture() {
    at::manual_seed(11);
    const auto coarse = at::upsample_bicubic2d(at::rand({1, 3, 20, 20}), {kSize, kSize}, false);
    const auto fine = at::upsample_bicubic2d(at::rand({1, 3, 48, 48}), {kSize, kSize}, false);
    return (0.6 * coarse + 0.4 * fine).clamp(0, 1);
}

torch::Tensor constant_flow(double x, double y) {
    return at::tensor({x, y}).to(at::kFloat).view({1, 2, 1, 1}).expand({1, 2, kSize, kSize});
}

// Without the border, where there is nothing to look at.
torch::Tensor inner(const torch::Tensor &x) {
    constexpr int64_t side = kSize - 2 * kMargin;
    return x.narrow(2, kMargin, side).narrow(3, kMargin, side);
}

TEST(Warp, WholePixelsAreAShift) {
    const auto picture = texture();
    const auto moved = warp(picture, constant_flow(3, -2));
    const auto expected = picture.roll({2, -3}, {2, 3});
    EXPECT_LT((inner(moved) - inner(expected)).abs().max().item<double>(), 1e-5);
}

class Flow : public testing::TestWithParam<std::pair<double, double>> {};

TEST_P(Flow, FindsATranslation) {
    const auto [x, y] = GetParam();
    const auto previous = texture(), frame = warp(previous, constant_flow(x, y));
    const auto error = inner(estimate_flow(frame, previous) - constant_flow(x, y));
    EXPECT_LT(error.abs().mean().item<double>(), 0.1);
}

INSTANTIATE_TEST_SUITE_P(Translations, Flow,
                         testing::Values(std::pair{0.0, 0.0}, std::pair{0.4, -0.3},
                                         std::pair{2.5, 1.25}, std::pair{-9.0, 6.0}));

// Of frames of their own, and at the borders, where windows reach beyond.
TEST(EstimateFlow, EachPairIsByItself) {
    const auto previous = texture(), other = texture().flip({3});
    const auto frame = warp(previous, constant_flow(1, -2));
    const auto both = estimate_flow(at::cat({frame, other}), at::cat({previous, frame}));
    EXPECT_TRUE(both.narrow(0, 0, 1).allclose(estimate_flow(frame, previous), 1e-4, 1e-4));
    EXPECT_TRUE(both.narrow(0, 1, 1).allclose(estimate_flow(other, frame), 1e-4, 1e-4));
    EXPECT_FALSE(both.narrow(0, 0, 1).allclose(both.narrow(0, 1, 1), 1e-1, 1e-1));
}

TEST(WarpingError, SeesFlickerButNotMotion) {
    const auto previous = texture(), frame = warp(previous, constant_flow(2, 1));
    const auto motion = true_motion(frame, previous);
    EXPECT_GT(motion.visible.to(at::kFloat).mean().item<double>(), 0.9);
    const auto brighter = frame + 0.1;
    // A step of 0.1 adds its square.
    const double error = warping_error(frame, previous, motion);
    EXPECT_NEAR(warping_error(brighter, previous, motion), error + 0.01, 0.001);
    EXPECT_LT(error, 0.001);
}

TEST(MotionError, IsTheDistanceOfMotions) {
    const auto previous = texture(), frame = warp(previous, constant_flow(1, 0));
    const auto motion = true_motion(frame, previous);
    EXPECT_EQ(motion_error(frame, previous, motion), 0);
    EXPECT_NEAR(motion_error(warp(previous, constant_flow(1, 2)), previous, motion), 2, 0.3);
}

} // namespace
} // namespace deblur
