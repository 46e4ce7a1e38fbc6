// The building blocks against their definitions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/layers.h"

#include <set>
#include <utility>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/channel_shift.h"

namespace deblur {
namespace {

using at::MemoryFormat;

class Layers : public testing::TestWithParam<MemoryFormat> {
  protected:
    torch::Tensor input(at::IntArrayRef shape) const {
        return at::randn(shape).contiguous(GetParam());
    }
    torch::NoGradGuard no_grad_;
};

TEST_P(Layers, UpsampleIsATransposedConvolution) {
    Upsample2x upsample(5, 3);
    upsample.bias.normal_();
    for (const auto &size : {std::pair{1, 1}, {4, 7}, {9, 2}}) {
        const auto x = input({2, 5, size.first, size.second});
        const auto expected =
            at::conv_transpose2d(x, upsample.weight, upsample.bias, {2, 2}, {1, 1});
        const auto actual = upsample.forward(x);
        ASSERT_EQ(actual.sizes(), expected.sizes());
        EXPECT_LT((actual - expected).abs().max().item<float>(), 1e-5);
        if (size.second > 1) { // of one pixel the memory format cannot be told
            EXPECT_TRUE(actual.is_contiguous(GetParam()));
        }
    }
}

TEST_P(Layers, ResidualBlockAddsItsInput) {
    ResidualBlock block(4);
    for (auto &parameter : block.parameters())
        parameter.zero_();
    const auto x = input({1, 4, 6, 6});
    EXPECT_TRUE(at::equal(block.forward(x), at::relu(x)));
}

INSTANTIATE_TEST_SUITE_P(MemoryFormats, Layers,
                         testing::Values(MemoryFormat::Contiguous, MemoryFormat::ChannelsLast));

TEST(Blending, FollowsEquations2And3) {
    const torch::NoGradGuard no_grad;
    TemporalBlending blending(4, 5);
    blending.beta.fill_(0.25);
    const auto current = at::randn({1, 4, 9, 7}), previous = at::randn({1, 4, 9, 7});
    const auto parameters = blending.named_parameters();
    const auto difference =
        at::conv2d(at::cat({previous, current}, 1), parameters["compare.weight"],
                   parameters["compare.bias"], {1, 1}, {2, 2});
    const auto w = at::minimum(at::ones({}), at::abs(at::tanh(difference)) + 0.25);
    const auto expected = w * current + (1 - w) * previous;
    EXPECT_LT((blending.forward(current, previous) - expected).abs().max().item<float>(), 1e-5);
}

TEST(Blending, FirstFrameHasWeightOne) {
    const torch::NoGradGuard no_grad;
    const TemporalBlending blending(4, 5);
    const auto current = at::randn({1, 4, 9, 7});
    EXPECT_TRUE(at::equal(blending.forward(current, torch::Tensor()), current));
}

TEST(Blending, BetaIsClampedToItsRange) {
    const torch::NoGradGuard no_grad;
    TemporalBlending blending(2, 5);
    const auto current = at::randn({1, 2, 5, 5}), previous = at::randn({1, 2, 5, 5});
    blending.beta.fill_(7);
    EXPECT_TRUE(at::equal(blending.blend_weights(current, previous), at::ones({1, 2, 5, 5})));
    blending.beta.fill_(-7);
    EXPECT_GE(blending.blend_weights(current, previous).min().item<float>(), 0);
}

// Channel 16 k + c of a map that tells row and column, after a shift.
TEST(ShiftChannels, MovesGroupsAndLeavesZeros) {
    constexpr int64_t side = 6, distance = 2;
    const auto place = at::arange(1, side * side + 1, at::kFloat).view({1, 1, side, side});
    const auto moved = shift_channels(place.expand({1, 16, side, side}), distance);
    ASSERT_EQ(moved.sizes(), at::IntArrayRef({1, 16, side, side}));
    EXPECT_TRUE(moved.narrow(1, 0, 8).equal(place.expand({1, 8, side, side})));
    std::set<std::pair<int, int>> directions;
    for (const auto &shift : channel_shifts(16, distance)) {
        directions.insert({shift.dx, shift.dy});
        for (int64_t y = 0; y < side; ++y)
            for (int64_t x = 0; x < side; ++x) {
                const int64_t from_y = y - shift.dy, from_x = x - shift.dx;
                const bool inside = from_y >= 0 && from_y < side && from_x >= 0 && from_x < side;
                EXPECT_EQ(moved[0][shift.begin][y][x].item<float>(), inside ? place[0][0][from_y][from_x].item<float>() : 0);
            }
    }
    EXPECT_EQ(directions.size(), 9u);
}

} // namespace
} // namespace deblur
