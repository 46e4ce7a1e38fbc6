// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/gate.h"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/parameters.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

constexpr int64_t kHeight = 40, kWidth = 400; // wide enough for a middle that is far from the sides

// Columns of alternating brightness: the Laplacian is 4 times their amplitude everywhere but at the sides.
torch::Tensor stripes(int64_t height, int64_t width, double amplitude) {
    const auto signs = 1 - 2 * at::arange(width).remainder(2);
    return (0.5 + amplitude * signs).expand({1, 3, height, width}).to(at::kFloat).contiguous();
}

torch::Tensor constant(int64_t height, int64_t width, double value) {
    return at::full({1, 3, height, width}, value, at::kFloat);
}

// Gray that changes by so much per pixel to the right and downwards.
torch::Tensor slope(double right, double down) {
    return (0.5 + right * (at::arange(kWidth) - kWidth / 2) + down * (at::arange(kHeight) - kHeight / 2).unsqueeze(1))
        .expand({1, 3, kHeight, kWidth})
        .to(at::kFloat)
        .contiguous();
}

float feature(const torch::Tensor &correction, const torch::Tensor &frame, int64_t number) {
    return gate_features(correction, frame)[0][number][2][kWidth / kGateBlock / 2].item<float>();
}

// Looks at one feature alone.
Gate gate_on(int number, float slope, float middle) {
    GateDecision decision{};
    decision.hidden[0][number] = 1;
    decision.hidden_bias[0] = -middle;
    decision.output[0] = slope;
    return {1, decision};
}

TEST(Gate, WithoutADecisionIsAFactor) {
    const auto correction = constant(5, 7, 0.1), frame = stripes(5, 7, 0.2);
    EXPECT_TRUE(gated(correction, frame, {}).equal(correction));
    EXPECT_TRUE(gated(correction, frame, {1.5}).equal(1.5 * correction));
}

TEST(Gate, ComparesCorrectionAndDetail) {
    const auto frame = stripes(kHeight, kWidth, 0.1);
    const auto correction = constant(kHeight, kWidth, 0.03);
    EXPECT_NEAR(feature(correction, frame, 0), std::log(0.03 / 0.4), 1e-3);
    // Differences of stripes: none between pixels that are two or four columns apart.
    EXPECT_NEAR(feature(correction, frame, 2), std::log(0.4 / std::sqrt(1e-5)), 1e-3);
}

TEST(Gate, KnowsWhatSharpens) {
    const auto frame = stripes(kHeight, kWidth, 0.1), gray = frame - 0.5;
    EXPECT_NEAR(feature(0.2 * gray, frame, 1), -1, 1e-3); // against the Laplacian: more contrast
    EXPECT_NEAR(feature(-0.2 * gray, frame, 1), 1, 1e-3);
}

TEST(Gate, ComparesDirections) {
    const auto right = slope(0.002, 0), down = slope(0, 0.02);
    EXPECT_NEAR(feature(right, right, 3), feature(down, down, 3), 1e-2);
    EXPECT_GT(feature(right, right, 3), 0.2);
    EXPECT_NEAR(feature(down, right, 3), -feature(right, right, 3), 1e-2);
    // Along the diagonals, too.
    EXPECT_GT(feature(slope(0.002, 0.002), slope(0.002, 0.002), 3), 0.2);
    EXPECT_LT(feature(slope(0.002, -0.002), slope(0.002, 0.002), 3), -0.2);
}

TEST(Gate, KnowsHowFarGrayChanges) {
    const auto correction = constant(kHeight, kWidth, 0.01);
    // Twice as much over twice the distance on a slope; no more in noise.
    EXPECT_NEAR(feature(correction, slope(0.002, 0.03), 4), std::log(2), 2e-2);
    at::manual_seed(1);
    const auto noise = at::rand({1, 3, kHeight, kWidth});
    EXPECT_NEAR(feature(correction, noise, 4), 0, 0.1);
    EXPECT_NEAR(feature(correction, noise, 5), 0, 0.1);
    // The direction in which it grows most, and that in which it grows least.
    const auto columns = slope(0.004, 0) + 0.05 * stripes(kHeight, kWidth, 1);
    EXPECT_GT(feature(correction, columns, 4), feature(correction, columns, 5) + 0.1);
}

TEST(Gate, FollowsItsDecision) {
    const auto frame = stripes(kHeight, kWidth, 0.1);
    for (const double value : {0.001, 0.01, 0.03, 0.1, -0.03}) {
        const auto correction = constant(kHeight, kWidth, value);
        const double x = feature(correction, frame, 0) - std::log(0.06);
        const double expected = value / (1 + std::exp(-10 * x / (1 + std::abs(x))));
        const auto result = gated(correction, frame, gate_on(0, 10, static_cast<float>(std::log(0.06))));
        EXPECT_NEAR(result[0][1][20][200].item<double>(), expected, 1e-4 * std::abs(expected)) << value;
    }
}

TEST(Gate, IsLocalAndSmooth) {
    // Left sharp, right flat, and the same correction on both sides.
    auto frame = stripes(64, 512, 0.2);
    frame.narrow(3, 256, 256).fill_(0.5);
    const auto row = gated(constant(64, 512, 0.02), frame, gate_on(0, 20, static_cast<float>(std::log(0.1))))[0][0][32];
    EXPECT_LT(row[40].item<float>(), 0.002);
    EXPECT_GT(row[470].item<float>(), 0.0199);
    const auto steps = row.narrow(0, 1, 511) - row.narrow(0, 0, 511);
    EXPECT_LT(steps.abs().max().item<float>(), 0.02 / 8);
}

TEST(Gate, EverySize) {
    const auto gate = test::lively_gate(1, 0.05);
    for (const auto &[height, width] : {std::pair{1, 1}, {1, 9}, {7, 1}, {17, 8}, {33, 130}}) {
        const auto frame = at::rand({1, 3, height, width});
        const auto result = gated(0.1 * at::rand_like(frame), frame, gate);
        EXPECT_EQ(result.sizes(), frame.sizes());
        EXPECT_TRUE(at::isfinite(result).all().item<bool>());
    }
    // Nothing to correct, and nothing there.
    EXPECT_EQ(gated(constant(9, 9, 0), constant(9, 9, 0), gate).abs().max().item<float>(), 0);
}

TEST(Gate, TravelsWithTheWeights) {
    NetworkConfig config;
    EXPECT_EQ(config_to_metadata(config).count("gate_decision"), 0u);
    config.gate = test::lively_gate(1.15, 0.06);
    auto metadata = config_to_metadata(config);
    const Gate stored = config_from_metadata(metadata).gate;
    EXPECT_EQ(stored.gain, 1.15);
    const auto &wanted = *config.gate.decision, &found = stored.decision.value();
    for (int i = 0; i < kGateHidden; ++i) {
        for (int k = 0; k < kGateFeatures; ++k)
            EXPECT_NEAR(found.hidden[i][k], wanted.hidden[i][k], 1e-5);
        EXPECT_NEAR(found.hidden_bias[i], wanted.hidden_bias[i], 1e-5);
        EXPECT_NEAR(found.output[i], wanted.output[i], 1e-5);
    }
    EXPECT_EQ(found.output_bias, wanted.output_bias);

    const std::string text = metadata["gate_decision"];
    const std::string rest = text.substr(1);
    for (const std::string &wrong :
         {std::string(), std::string("x"), text + " 1", text + "x", rest.substr(rest.find(' ')), "1e9" + rest, "nan" + rest}) {
        metadata["gate_decision"] = wrong;
        EXPECT_THROW(config_from_metadata(metadata), std::invalid_argument) << wrong;
    }
    metadata["gate_decision"] = text;
    for (const char *wrong : {"", "x", "0", "-1", "nan", "3", "0.1x", "1e400"}) {
        metadata["gate_gain"] = wrong;
        EXPECT_THROW(config_from_metadata(metadata), std::invalid_argument) << wrong;
    }
    metadata.erase("gate_gain");
    EXPECT_THROW(config_from_metadata(metadata), std::invalid_argument);
}

} // namespace
} // namespace deblur
