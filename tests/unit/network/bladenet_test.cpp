// BladeNet's parts: Local Blur Perception, Blur-guided Spatial Attention, and what they do to a backbone.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/bladenet.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {
namespace {

int64_t conv(int64_t in, int64_t out, int64_t kernel) {
    return out * in * kernel * kernel + out;
}

int64_t block(int64_t channels) {
    return 2 * conv(channels, channels, 3);
}

int64_t perception(int64_t m) {
    return conv(48 * (2 * m + 1), 32, 3) + conv(32, 64, 3) + block(64) + conv(64, 64, 3) + 2 * block(64) +
           conv(64, 256, 1) + block(64) + conv(64, 128, 1) + block(32) + conv(32, 1, 3);
}

int64_t count(const std::string &architecture, int m) {
    int64_t sum = 0;
    for (const auto &[name, tensor] : named_parameters(*make_network({architecture, m})))
        sum += tensor.numel();
    return sum;
}

// The blur map's logit everywhere.
void set_map(Network &network, double logit) {
    const torch::NoGradGuard no_grad;
    auto parameters = named_parameters(network);
    parameters.at("perception.head.weight").zero_();
    parameters.at("perception.head.bias").fill_(logit);
}

TEST(BladeNet, IsABackboneWithPerceptionAndAttention) {
    for (const int m : {0, 1, 3}) {
        const int64_t attention = 3 * conv(3, 1, 7); // at three levels
        EXPECT_EQ(count("bladenet", m), count("strcnn_dtb_fast", m) + perception(m) + attention);
        EXPECT_EQ(count("strcnn_dtb_local", m), count("strcnn_dtb", m) + perception(m));
    }
}

TEST(BladeNet, CostsWhatTheCardsSay) {
    EXPECT_NEAR(make_network({"bladenet", 1})->macs_per_pixel() / 1e3, 35.43, 0.01);
    EXPECT_NEAR(make_network({"strcnn_dtb_local", 1})->macs_per_pixel() / 1e3, 247.65, 0.01);
}

TEST(BladeNet, TheMapIsAsLargeAsTheWindow) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    for (const char *architecture : {"bladenet", "strcnn_dtb_local"}) {
        const auto network = make_network({architecture, 1});
        ASSERT_TRUE(network->has_map());
        const auto result = network->step(at::rand({2, 9, 24, 40}), {});
        EXPECT_EQ(result.map.sizes(), at::IntArrayRef({2, 1, 24, 40}));
        EXPECT_EQ(result.map.scalar_type(), at::kFloat);
        EXPECT_GE(result.map.min().item<float>(), 0);
        EXPECT_LE(result.map.max().item<float>(), 1);
        EXPECT_EQ(result.correction.sizes(), at::IntArrayRef({2, 3, 24, 40}));
    }
    EXPECT_FALSE(make_network({"strcnn_dtb", 1})->has_map());
    EXPECT_EQ(BlurPerception(1).forward(at::rand({1, 3, 17, 5})).sizes(), at::IntArrayRef({1, 1, 17, 5}));
}

TEST(BladeNet, GateIsClosedForSharpAndOpenForBlurred) {
    const auto gate = local_gate(at::tensor({0.0, 0.1, 0.25, 0.4, 1.0}));
    EXPECT_TRUE(gate.allclose(at::tensor({0.0, 0.0, 0.5, 1.0, 1.0})));
}

TEST(BladeNet, SharpPicturesStayBitForBit) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    for (const char *architecture : {"bladenet", "strcnn_dtb_local"}) {
        const auto network = make_network({architecture, 1});
        const auto window = at::rand({1, 9, 16, 32});
        EXPECT_GT(network->step(window, {}).correction.abs().max().item<float>(), 0);
        set_map(*network, -4);
        EXPECT_EQ(network->step(window, {}).correction.abs().max().item<float>(), 0);
    }
}

TEST(BladeNet, WithoutBlurTheTrunkForgets) {
    const torch::NoGradGuard no_grad;
    const auto network = make_network({"strcnn_dtb_local", 1});
    const auto window = at::rand({1, 9, 16, 16});
    const auto state = network->step(window, {}).state;
    EXPECT_EQ(state.size(), 2u);
    set_map(*network, -4);
    EXPECT_TRUE(network->step(window, state).state.empty());
}

// F' = 2 sigmoid(conv(<mean F, max F, map>)) F, written out.
TEST(BladeNet, AttentionIsWhatItsEquationSays) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const BlurGuidedAttention attention;
    const auto features = at::randn({1, 5, 6, 8}), map = at::rand({1, 1, 12, 16});
    EXPECT_TRUE(attention.forward(features, map).equal(features)) << "begins as the identity";
    auto parameters = attention.named_parameters();
    parameters["conv.weight"].normal_(0, 0.3);
    parameters["conv.bias"].fill_(0.2);

    const auto result = attention.forward(features, map);
    const auto weight = parameters["conv.weight"].accessor<float, 4>();
    const auto sum_at = [&](int64_t y, int64_t x) {
        double sum = 0.2;
        for (int64_t dy = -3; dy <= 3; ++dy)
            for (int64_t dx = -3; dx <= 3; ++dx) {
                const int64_t v = y + dy, u = x + dx;
                if (v < 0 || v >= 6 || u < 0 || u >= 8)
                    continue;
                const auto column = features[0].select(1, v).select(1, u);
                const double seen[] = {column.mean().item<double>(), column.max().item<double>(),
                                       map[0][0].narrow(0, 2 * v, 2).narrow(1, 2 * u, 2).mean().item<double>()};
                for (int64_t k = 0; k < 3; ++k)
                    sum += weight[0][k][dy + 3][dx + 3] * seen[k];
            }
        return sum;
    };
    for (const auto &[y, x] : {std::pair<int64_t, int64_t>{0, 0}, {3, 4}, {5, 7}}) {
        const double factor = 2 / (1 + std::exp(-sum_at(y, x)));
        for (int64_t c = 0; c < 5; ++c)
            EXPECT_NEAR(result[0][c][y][x].item<double>(), factor * features[0][c][y][x].item<double>(), 1e-4);
    }
}

TEST(BladeNet, PerceptionIsTaughtTheLengthOfTheBlur) {
    const auto map = at::tensor({0.25f, 0.5f, 0.9f}).view({1, 1, 1, 3});
    const auto blur = at::tensor({0.0f, 3.0f, 20.0f}).view({1, 1, 1, 3}); // targets 0, 1/2, 1
    const double expected = -(std::log(0.75) + std::log(0.5) + std::log(0.9)) / 3;
    EXPECT_NEAR(perception_loss(map, blur).item<double>(), expected, 1e-6);
    const auto network = make_network({"bladenet", 1});
    StepResult result;
    result.map = map;
    EXPECT_NEAR(network->objective(result, {{}, blur, {}}).item<double>(), 0.05 * expected, 1e-6);
    EXPECT_FALSE(make_network({"strcnn_dtb", 1})->objective(result, {{}, blur, {}}).defined());
}

} // namespace
} // namespace deblur
