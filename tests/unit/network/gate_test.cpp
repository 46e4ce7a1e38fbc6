// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/gate.h"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/parameters.h"

namespace deblur {
namespace {

// Columns of alternating brightness: the Laplacian is 4 times their amplitude everywhere but at the sides.
torch::Tensor stripes(int64_t height, int64_t width, double amplitude) {
    const auto signs = 1 - 2 * at::arange(width).remainder(2);
    return (0.5 + amplitude * signs).expand({1, 3, height, width}).to(at::kFloat).contiguous();
}

torch::Tensor constant(int64_t height, int64_t width, double value) {
    return at::full({1, 3, height, width}, value, at::kFloat);
}

TEST(Gate, WithoutThresholdIsAFactor) {
    const auto correction = constant(5, 7, 0.1), frame = stripes(5, 7, 0.2);
    EXPECT_TRUE(gated(correction, frame, {}).equal(correction));
    EXPECT_TRUE(gated(correction, frame, {1.5, 0}).equal(1.5 * correction));
}

TEST(Gate, FollowsTheFormula) {
    // Wide enough for a middle that is far from the sides.
    const auto frame = stripes(40, 400, 0.1);
    for (const double value : {0.001, 0.01, 0.03, 0.1, -0.03}) {
        const double r2 = value * value / (0.4 * 0.4 + 1e-4);
        const double expected = value * 1.2 * r2 * r2 / (r2 * r2 + std::pow(0.06, 4));
        const auto result = gated(constant(40, 400, value), frame, {1.2, 0.06});
        EXPECT_NEAR(result[0][1][20][200].item<double>(), expected, 1e-4 * std::abs(expected)) << value;
    }
}

TEST(Gate, IsLocalAndSmooth) {
    // Left sharp, right flat, and the same correction on both sides.
    auto frame = stripes(64, 512, 0.2);
    frame.narrow(3, 256, 256).fill_(0.5);
    const auto row = gated(constant(64, 512, 0.02), frame, {1, 0.1})[0][0][32];
    EXPECT_LT(row[40].item<float>(), 0.002);
    EXPECT_GT(row[470].item<float>(), 0.0199);
    const auto steps = row.narrow(0, 1, 511) - row.narrow(0, 0, 511);
    EXPECT_LT(steps.abs().max().item<float>(), 0.02 / 8);
}

TEST(Gate, EverySize) {
    for (const auto &[height, width] : {std::pair{1, 1}, {1, 9}, {7, 1}, {17, 8}, {33, 130}}) {
        const auto frame = at::rand({1, 3, height, width});
        const auto result = gated(0.1 * at::rand_like(frame), frame, {1, 0.05});
        EXPECT_EQ(result.sizes(), frame.sizes());
        EXPECT_TRUE(at::isfinite(result).all().item<bool>());
    }
    // Nothing to correct, and nothing there.
    EXPECT_EQ(gated(constant(9, 9, 0), constant(9, 9, 0), {1, 0.05}).abs().max().item<float>(), 0);
}

TEST(Gate, TravelsWithTheWeights) {
    NetworkConfig config;
    EXPECT_EQ(config_to_metadata(config).count("gate_threshold"), 0u);
    config.gate = {1.15, 0.06};
    auto metadata = config_to_metadata(config);
    const Gate stored = config_from_metadata(metadata).gate;
    EXPECT_EQ(stored.gain, 1.15);
    EXPECT_EQ(stored.threshold, 0.06);
    for (const char *wrong : {"", "x", "0", "-1", "nan", "11", "0.1x", "1e400"}) {
        metadata["gate_threshold"] = wrong;
        EXPECT_THROW(config_from_metadata(metadata), std::invalid_argument) << wrong;
    }
    metadata["gate_threshold"] = "0.1";
    metadata.erase("gate_gain");
    EXPECT_THROW(config_from_metadata(metadata), std::invalid_argument);
}

} // namespace
} // namespace deblur
