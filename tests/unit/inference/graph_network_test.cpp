// The graph in LibTorch's operations, as a GPU runs it, against the training modules; on the CPU, where it
// is slow but the same.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "inference/cpu/features.h"
#include "torch/graph_network.h"
#include "torch/torch_network.h"
#include "network/registry.h"
#include "unit/inference/sequences.h"

namespace deblur {
namespace {

using test::lively_network;
using test::random_windows;
using test::run;

const TensorOps kOps;

TensorSettings settings(int64_t height, int64_t width, at::ScalarType type = at::kFloat) {
    return {at::kCPU, type, height, width, 1};
}

void expect_close(const std::vector<torch::Tensor> &actual,
                  const std::vector<torch::Tensor> &expected, double tolerance) {
    ASSERT_EQ(actual.size(), expected.size());
    for (size_t n = 0; n < expected.size(); ++n) {
        ASSERT_GT(expected[n].abs().mean().item<float>(), 0.01);
        EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), tolerance) << "frame " << n;
    }
}

class EveryGraph : public testing::TestWithParam<std::tuple<std::string, int, bool>> {};

TEST_P(EveryGraph, EqualsTheModules) {
    const auto [name, m, residual] = GetParam();
    const NetworkConfig config{name, m, residual};
    const auto network = lively_network(config);
    for (const auto &[height, width] : {std::pair{40, 48}, {21, 37}, {1, 3}}) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        const auto windows = random_windows(config, height, width, 3);
        TorchNetwork reference(network);
        GraphNetwork graph(*network, settings(height, width), kOps);
        EXPECT_EQ(graph.tiles(), 1u);
        expect_close(run(graph, windows), run(reference, windows), 2e-5);
    }
}

INSTANTIATE_TEST_SUITE_P(All, EveryGraph,
                         testing::Combine(testing::ValuesIn(test::graph_architectures()),
                                          testing::Values(0, 1, kMaxWindow), testing::Bool()));

class EveryName : public testing::TestWithParam<std::string> {};

// The halo is as large as it must be, and the state crosses tiles: whatever a frame is divided into, the
// sequence is the same but for the order of sums.
TEST_P(EveryName, TilesDoNotShow) {
    const NetworkConfig config{GetParam(), 1, true};
    const auto network = lively_network(config);
    // Tiles with halos on both sides must be smaller than half of the frame.
    const int64_t halo = GraphRunner(*network, at::kCPU, at::kFloat, kOps).halo();
    const int64_t height = halo > 80 ? 40 : 250, width = halo > 80 ? 14 * halo : 330;
    const auto windows = random_windows(config, height, width, 2);
    GraphNetwork whole(*network, settings(height, width), kOps);
    const auto expected = run(whole, windows);
    GraphNetwork tiled(*network, settings(height, width), kOps, whole.peak_bytes() / 2);
    EXPECT_GT(tiled.tiles(), 1u);
    EXPECT_LE(tiled.peak_bytes(), whole.peak_bytes() / 2);
    expect_close(run(tiled, windows), expected, 2e-5);
}

TEST(Halo, IsTheReceptiveField) {
    const auto halo = [](const char *name) {
        return GraphRunner(*make_network({name, 1, true}), at::kCPU, at::kFloat, kOps).halo();
    };
    EXPECT_EQ(halo("strcnn_dtb"), 42);
    EXPECT_EQ(halo("strcnn_dtb_fast"), 72);
}

TEST_P(EveryName, ResetForgetsEverything) {
    const NetworkConfig config{GetParam(), 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 30, 20, 3);
    GraphNetwork used(*network, settings(30, 20), kOps);
    const auto first = run(used, windows);
    used.reset();
    const auto again = run(used, windows);
    for (size_t n = 0; n < windows.size(); ++n)
        EXPECT_TRUE(at::equal(again[n], first[n])) << "frame " << n;
}

// bfloat16 maps follow float32 as closely as the modules do in bfloat16.
TEST_P(EveryName, BFloat16IsClose) {
    if (!cpu::computes_bfloat16())
        GTEST_SKIP();
    const NetworkConfig config{GetParam(), 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 37, 45, 4);
    TorchNetwork reference(network);
    const auto expected = run(reference, windows);
    GraphNetwork graph(*network, settings(37, 45, at::kBFloat16), kOps);
    const auto actual = run(graph, windows);
    network->set_compute_type(at::kBFloat16);
    TorchNetwork cast(network);
    const auto plain = run(cast, windows);
    const auto error = [&](const torch::Tensor &x, size_t n) {
        return (x - expected[n]).square().mean().item<double>();
    };
    for (size_t n = 0; n < windows.size(); ++n)
        EXPECT_LT(error(actual[n], n), 1.5 * error(plain[n], n)) << "frame " << n;
}

INSTANTIATE_TEST_SUITE_P(All, EveryName, testing::ValuesIn(test::graph_architectures()));

} // namespace
} // namespace deblur
