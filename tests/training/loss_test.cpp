// What training minimises.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/loss.h"

#include <stdexcept>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "training/flow.h"

namespace deblur {
namespace {

TEST(Loss, KnownValues) {
    const auto a = at::zeros({1, 1, 3, 4, 4}), b = at::full({1, 1, 3, 4, 4}, 0.5);
    EXPECT_NEAR(restoration_loss(a, b, {"mse", 0}).item<double>(), 0.25, 1e-6);
    EXPECT_NEAR(restoration_loss(a, b, {"l1", 0}).item<double>(), 0.5, 1e-6);
    EXPECT_NEAR(restoration_loss(a, b, {"charbonnier", 0}).item<double>(), 0.5, 1e-5);
    // The spectrum of a constant is its mean times the root of the pixel count: 2 of 12 x 2 values in 3.
    EXPECT_GT(restoration_loss(a, b, {"mse", 1}).item<double>(), 0.25);
    EXPECT_THROW(restoration_loss(a, b, {"hinge", 0}), std::invalid_argument);
}

TEST(Loss, RestraintIsForWhatIsSharp) {
    const auto blurry = at::full({1, 2, 3, 4, 4}, 0.5), restored = at::full({1, 2, 3, 4, 4}, 0.2);
    auto blur = at::full({1, 2, 1, 4, 4}, 3.0);
    EXPECT_EQ(restraint(restored, blurry, blur).item<double>(), 0);
    blur[0][1].narrow(1, 0, 1).fill_(0.1);
    EXPECT_NEAR(restraint(restored, blurry, blur).item<double>(), 0.3 / 8, 1e-6);
}

// A clip that moves by three pixels a frame, and errors that do or do not go with it.
TEST(Loss, UnsteadyIsWhatDoesNotMoveWithThePicture) {
    constexpr int64_t kSide = 96, kMotion = 3;
    at::manual_seed(5);
    const auto wide = at::upsample_bicubic2d(at::rand({1, 3, 24, 24}), {kSide, kSide + kMotion}, false).squeeze(0);
    const auto mistake = 0.1 * at::upsample_bicubic2d(at::rand({1, 3, 24, 24}), {kSide, kSide + kMotion}, false).squeeze(0);
    const auto clip = [&](const torch::Tensor &x, int64_t second) {
        return at::stack({x.narrow(2, 0, kSide), x.narrow(2, second, kSide)}).unsqueeze(0);
    };
    const auto sharp = clip(wide, kMotion);
    const auto unsteady = [&](const torch::Tensor &error) {
        return unsteadiness(sharp + error, sharp, "mse").item<double>();
    };
    const double moves = unsteady(clip(mistake, kMotion)), stays = unsteady(clip(mistake, 0));
    EXPECT_LT(moves, 0.3 * stays);
    EXPECT_NEAR(unsteady(at::full_like(sharp, 0.1)), 0, 1e-6);
    auto flash = at::zeros_like(sharp);
    flash.select(1, 1).fill_(0.1); // of all that the flow explains, which is nearly everything
    const auto visible = true_motion(sharp.select(1, 1), sharp.select(1, 0)).visible.to(at::kFloat).mean().item<double>();
    EXPECT_GT(visible, 0.9);
    EXPECT_NEAR(unsteady(flash), 0.01 * visible, 1e-5);
    EXPECT_EQ(unsteadiness(sharp.narrow(1, 0, 1), sharp.narrow(1, 0, 1) + 1, "mse").item<double>(), 0) << "one frame";

    LossOptions options{"mse", 0};
    options.steadiness = 2;
    EXPECT_NEAR(restoration_loss(sharp + flash, sharp, options).item<double>(), 0.005 + 2 * unsteady(flash), 1e-6);
}

TEST(Loss, UnsteadinessHasGradients) {
    at::manual_seed(6);
    const auto sharp = at::rand({2, 3, 3, 32, 32});
    const auto restored = (sharp + 0.1 * at::rand_like(sharp)).requires_grad_();
    unsteadiness(restored, sharp, "mse").backward();
    for (int64_t n = 0; n < 3; ++n)
        EXPECT_GT(restored.grad().select(1, n).abs().sum().item<double>(), 0) << "frame " << n;
}

} // namespace
} // namespace deblur
