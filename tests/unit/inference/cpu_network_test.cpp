// The pipeline on the CPU against the training modules, over sequences: the recurrence must not
// drift.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "inference/cpu/features.h"
#include "inference/cpu_network.h"
#include "torch/plain_network.h"
#include "torch/torch_network.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "torch/model_network.h"
#include "unit/inference/sequences.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

using test::lively_network;
using test::random_windows;
using test::run;
using torch::Tensor;

TensorSettings settings(int64_t height, int64_t width, at::ScalarType type = at::kFloat,
                           int threads = 1) {
    return {at::kCPU, type, height, width, threads};
}

bool can_compute(at::ScalarType type) {
    return type == at::kBFloat16 ? cpu::computes_bfloat16() : type != at::kChar || cpu::computes_int8();
}

double rms(const Tensor &x) {
    return x.square().mean().sqrt().item<double>();
}

class EveryArchitecture : public testing::TestWithParam<std::tuple<std::string, int, bool>> {};

TEST_P(EveryArchitecture, EqualsTheModulesInFloat32) {
    const auto [name, m, residual] = GetParam();
    const NetworkConfig config{name, m, residual};
    const auto network = lively_network(config);
    for (const auto &[height, width] : {std::pair{48, 64}, {37, 21}, {1, 3}}) {
        const auto windows = random_windows(config, height, width, 4);
        TorchNetwork reference(network);
        const auto fast = test::cpu_network(*network, settings(height, width));
        const auto in_small_calls = test::cpu_network(*network, settings(height, width), {1, 1});
        PlainNetwork plain(*network);
        const auto expected = run(reference, windows), actual = run(*fast, windows);
        const auto small = run(*in_small_calls, windows);
        const auto third = run(plain, windows);
        for (size_t n = 0; n < windows.size(); ++n) {
            ASSERT_GT(expected[n].abs().mean().item<float>(), 0.01);
            EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), 2e-5)
                << width << "x" << height << " frame " << n;
            EXPECT_LT((small[n] - expected[n]).abs().max().item<float>(), 2e-5)
                << width << "x" << height << " frame " << n;
            EXPECT_LT((third[n] - expected[n]).abs().max().item<float>(), 2e-5)
                << width << "x" << height << " frame " << n;
        }
    }
}

// bf16 follows fp32 as closely as the modules do in bf16; and a correction of 0.05, which is a strong
// one, comes out at more than 50 dB.
TEST_P(EveryArchitecture, BFloat16IsClose) {
    if (!can_compute(at::kBFloat16))
        GTEST_SKIP();
    const auto [name, m, residual] = GetParam();
    const NetworkConfig config{name, m, residual};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 37, 45, 6);
    TorchNetwork reference(network);
    const auto fast = test::cpu_network(*network, settings(37, 45, at::kBFloat16));
    const auto expected = run(reference, windows), actual = run(*fast, windows);
    network->set_compute_type(at::kBFloat16);
    TorchNetwork plain(network);
    const auto cast = run(plain, windows);
    for (size_t n = 0; n < windows.size(); ++n) {
        const double error = rms(actual[n] - expected[n]);
        EXPECT_LT(error, 1.2 * rms(cast[n] - expected[n])) << "frame " << n;
        const double psnr = -20 * std::log10(error / rms(expected[n]) * 0.05);
        EXPECT_GT(psnr, 50) << "frame " << n;
    }
}

INSTANTIATE_TEST_SUITE_P(All, EveryArchitecture,
                         testing::Combine(testing::ValuesIn(test::graph_architectures()),
                                          testing::Range(0, kMaxWindow + 1), testing::Bool()));

class Integers : public testing::TestWithParam<std::string> {};

// 8-bit products keep a strong correction (0.05) within half an 8-bit code (54 dB), in every frame
// of a sequence; and they are what is computed: bf16 or float32 alone would be closer.
TEST_P(Integers, AreCloseToFloat32) {
    if (!can_compute(at::kChar))
        GTEST_SKIP();
    const NetworkConfig config{GetParam(), 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 37, 45, 6);
    TorchNetwork reference(network);
    const auto fast = test::cpu_network(*network, settings(37, 45, at::kChar));
    const auto brief =
        test::cpu_network(*network, settings(37, 45, can_compute(at::kBFloat16) ? at::kBFloat16 : at::kFloat));
    const auto expected = run(reference, windows), actual = run(*fast, windows);
    const auto rounded = run(*brief, windows);
    for (size_t n = 0; n < windows.size(); ++n) {
        const double error = rms(actual[n] - expected[n]);
        const double psnr = -20 * std::log10(error / rms(expected[n]) * 0.05);
        EXPECT_GT(psnr, 54) << "frame " << n;
        EXPECT_GT(error, rms(rounded[n] - expected[n])) << "frame " << n;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Integers, testing::ValuesIn(test::graph_architectures()));

class EveryPrecision : public testing::TestWithParam<std::tuple<std::string, at::ScalarType>> {};

// However many rows are worked on at once, the results are the same bits: strips are what tiles are
// elsewhere.
TEST_P(EveryPrecision, StripsDoNotShow) {
    const auto [name, type] = GetParam();
    if (!can_compute(type))
        GTEST_SKIP();
    const NetworkConfig config{name, 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 150, 70, 3);
    constexpr int call_pixels = 1; // as small as it gets
    const auto whole = test::cpu_network(*network, settings(150, 70, type), {call_pixels, 1000});
    const auto expected = run(*whole, windows);
    const auto bytes = [&](cpu::Blocking blocking) {
        return CpuNetwork(to_model(*network), test::to_inference_settings(settings(150, 70, type)), blocking).bytes();
    };
    EXPECT_LT(bytes({call_pixels, 1}), bytes({call_pixels, 1000}));
    for (const int calls : {1, 2, 3}) {
        const auto strips = test::cpu_network(*network, settings(150, 70, type), {call_pixels, calls});
        const auto actual = run(*strips, windows);
        for (size_t n = 0; n < windows.size(); ++n)
            EXPECT_TRUE(at::equal(actual[n], expected[n])) << calls << " frame " << n;
    }
}

TEST_P(EveryPrecision, ResetForgetsEverything) {
    const auto [name, type] = GetParam();
    if (!can_compute(type))
        GTEST_SKIP();
    const NetworkConfig config{name, 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 30, 20, 3);
    const auto used = test::cpu_network(*network, settings(30, 20, type));
    const auto fresh = test::cpu_network(*network, settings(30, 20, type));
    const auto first = run(*used, windows);
    const auto again = run(*used, windows);
    used->reset();
    const auto after_reset = run(*used, windows);
    const auto expected = run(*fresh, windows);
    for (size_t n = 0; n < windows.size(); ++n) {
        EXPECT_EQ(at::equal(again[n], first[n]), name == "cnn") << "frame " << n;
        EXPECT_TRUE(at::equal(after_reset[n], expected[n])) << "frame " << n;
    }
}

INSTANTIATE_TEST_SUITE_P(All, EveryPrecision,
                         testing::Combine(testing::ValuesIn(test::graph_architectures()),
                                          testing::Values(at::kFloat, at::kBFloat16, at::kChar)));

// Architectures of which the graph tells not all, or nothing, through the way that the engine goes.
class EveryOther : public testing::TestWithParam<std::string> {};

TEST_P(EveryOther, EqualsTheModules) {
    const NetworkConfig config{GetParam(), 1, true};
    const auto network = lively_network(config);
    for (const auto &[height, width] : {std::pair{48, 64}, {37, 21}, {1, 3}}) {
        const auto windows = random_windows(config, height, width, 4);
        TorchNetwork reference(network);
        const auto fast = test::cpu_network(*network, settings(height, width));
        const auto expected = run(reference, windows), actual = run(*fast, windows);
        EXPECT_LT((fast->map() - reference.map()).abs().max().item<float>(), 1e-4);
        EXPECT_EQ(fast->map().sizes(), at::IntArrayRef({1, 1, height, width}));
        for (size_t n = 0; n < windows.size(); ++n) {
            ASSERT_GT(rms(expected[n]), 0.01);
            EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), 5e-5) << "frame " << n;
        }
        for (const auto type : {at::kBFloat16, at::kChar}) {
            if (!can_compute(type))
                continue;
            const auto rough = test::cpu_network(*network, settings(height, width, type));
            const auto close = run(*rough, windows);
            for (size_t n = 0; n < windows.size(); ++n)
                EXPECT_LT(rms(close[n] - expected[n]), 0.1 * rms(expected[n])) << type << " frame " << n;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, EveryOther, testing::Values("bladenet", "strcnn_dtb_local", "human"));

// LibTorch computes the step, and the engine its gate.
TEST(CpuNetwork, GatesWhatModulesCompute) {
    const torch::NoGradGuard no_grad;
    NetworkConfig config{"human", 1, true};
    config.width = 4;
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 50, 70, 3);
    const auto ungated = run(*test::cpu_network(*network, settings(50, 70)), windows);
    network->set_gate(test::lively_gate(1.2, 0.01));
    const auto expected = run(*std::make_unique<TorchNetwork>(network), windows);
    const auto actual = run(*test::cpu_network(*network, settings(50, 70)), windows);
    for (size_t n = 0; n < windows.size(); ++n) {
        EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), 1e-4 * rms(expected[n])) << "frame " << n;
        EXPECT_GT((actual[n] - ungated[n]).abs().max().item<float>(), 0.01 * rms(expected[n])) << "frame " << n;
    }
}

// What is sharp in every pixel is not computed, and the past is forgotten as in the module's own step.
TEST(PerceivingNetwork, SkipsWhatIsSharp) {
    const torch::NoGradGuard no_grad;
    const NetworkConfig config{"strcnn_dtb_local", 1, true};
    const auto blurred = random_windows(config, 20, 24, 4);
    auto windows = blurred;
    for (auto &frame : windows[1])
        frame = at::zeros_like(frame);
    const auto network = lively_network(config);
    auto parameters = named_parameters(*network);
    // A map that is closed for black, and open for noise.
    for (auto &[name, tensor] : parameters)
        if (name.rfind("perception.", 0) == 0 && tensor.dim() == 1)
            tensor.zero_();
    parameters.at("perception.head.weight").mul_(1e4);
    parameters.at("perception.head.bias").fill_(-4);
    const auto fast = test::cpu_network(*network, settings(20, 24));
    const auto expected = run(*std::make_unique<TorchNetwork>(network), windows), actual = run(*fast, windows);
    EXPECT_EQ(actual[1].abs().max().item<float>(), 0);
    for (size_t n = 0; n < windows.size(); ++n)
        EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), 5e-5) << "frame " << n;
    fast->reset();
    EXPECT_TRUE(at::allclose(fast->step(windows[2]), actual[2], 0, 1e-5)) << "a fresh state";
    EXPECT_GT(rms(actual[2]), 0);
}

} // namespace
} // namespace deblur
