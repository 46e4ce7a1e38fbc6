// Steps on the GPU against the training modules on the CPU, over sequences.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <ATen/ATen.h>
#include <c10/cuda/CUDACachingAllocator.h>

#include "cuda/cuda_network.h"
#include "gpu/gpu.h"
#include "torch/torch_network.h"
#include "network/registry.h"
#include "unit/inference/sequences.h"

namespace deblur {
namespace {

using test::lively_network;
using test::random_windows;
using Windows = std::vector<std::vector<torch::Tensor>>;

class Network : public test::OnGpu {
  protected:
    std::unique_ptr<cuda::CudaNetwork> make(const NetworkPtr &network, int64_t height, int64_t width,
                                            at::ScalarType type, int64_t budget = 0) {
        return std::make_unique<cuda::CudaNetwork>(
            *network, TensorSettings{at::Device(at::kCUDA, 0), type, height, width, 1}, streams_,
            budget, [](const std::string &message) { ADD_FAILURE() << message; });
    }

    std::vector<torch::Tensor> run(cuda::CudaNetwork &network, const Windows &windows) {
        std::vector<torch::Tensor> corrections;
        for (const auto &window : windows) {
            std::vector<torch::Tensor> frames;
            for (const auto &frame : window)
                frames.push_back(frame.to(at::kCUDA));
            const auto correction = network.step(frames);
            network.wait();
            corrections.push_back(correction.to(at::kCPU).clone());
        }
        return corrections;
    }
};

double rms(const torch::Tensor &x) {
    return x.square().mean().sqrt().item<double>();
}

// One code at 8 bits is 0.004.
TEST_F(Network, Float32EqualsTheCpu) {
    for (const auto &name : test::graph_architectures())
        for (const bool residual : {true, false})
            for (const auto &[height, width] : {std::pair{48, 64}, {37, 21}, {1, 3}}) {
                SCOPED_TRACE(name + " " + std::to_string(width) + "x" + std::to_string(height));
                const NetworkConfig config{name, 1, residual};
                const auto network = lively_network(config);
                const auto windows = random_windows(config, height, width, 6);
                TorchNetwork reference(network);
                const auto expected = test::run(reference, windows);
                const auto graph = make(network, height, width, at::kFloat);
                EXPECT_TRUE(graph->is_captured());
                const auto actual = run(*graph, windows);
                for (size_t n = 0; n < windows.size(); ++n)
                    EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), 2e-4)
                        << "frame " << n;
            }
}

// A correction of 0.05, which is a strong one, comes out at more than 50 dB.
TEST_F(Network, HalfPrecisionIsClose) {
    for (const auto &name : test::graph_architectures())
        for (const auto type : {at::kHalf, at::kBFloat16}) {
            SCOPED_TRACE(name + " " + at::toString(type));
            const NetworkConfig config{name, 1, true};
            const auto network = lively_network(config);
            const auto windows = random_windows(config, 90, 160, 10);
            TorchNetwork reference(network);
            const auto expected = test::run(reference, windows);
            const auto actual = run(*make(network, 90, 160, type), windows);
            for (size_t n = 0; n < windows.size(); ++n) {
                const double error = rms(actual[n] - expected[n]);
                EXPECT_GT(-20 * std::log10(error / rms(expected[n]) * 0.05), 50) << "frame " << n;
            }
        }
}

TEST_F(Network, TilesDoNotShow) {
    for (const auto &name : test::graph_architectures()) {
        SCOPED_TRACE(name);
        const NetworkConfig config{name, 1, true};
        const auto network = lively_network(config);
        const auto windows = random_windows(config, 250, 330, 4);
        const auto whole = make(network, 250, 330, at::kFloat);
        const auto tiled = make(network, 250, 330, at::kFloat, whole->peak_bytes() / 2);
        EXPECT_GT(tiled->tiles(), 1u);
        const auto expected = run(*whole, windows), actual = run(*tiled, windows);
        for (size_t n = 0; n < windows.size(); ++n)
            EXPECT_LT((actual[n] - expected[n]).abs().max().item<float>(), 2e-4) << "frame " << n;
    }
}

TEST_F(Network, ResetForgetsEverything) {
    const NetworkConfig config{"strcnn_dtb", 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 60, 80, 4);
    const auto graph = make(network, 60, 80, at::kHalf);
    const auto first = run(*graph, windows);
    graph->reset();
    const auto again = run(*graph, windows);
    for (size_t n = 0; n < windows.size(); ++n)
        EXPECT_TRUE(at::equal(again[n], first[n])) << "frame " << n;
}

// Steps that are put on the streams without waiting give what waiting steps give.
TEST_F(Network, StepsOverlapWithoutARace) {
    const NetworkConfig config{"strcnn_dtb", 1, true};
    const auto network = lively_network(config);
    const auto windows = random_windows(config, 180, 320, 40);
    const auto graph = make(network, 180, 320, at::kHalf);
    const auto expected = run(*graph, windows);
    graph->reset();
    std::vector<torch::Tensor> actual;
    for (const auto &window : windows) {
        std::vector<torch::Tensor> frames;
        for (const auto &frame : window)
            frames.push_back(frame.to(at::kCUDA));
        const auto correction = graph->step(frames);
        const c10::cuda::CUDAStreamGuard guard(streams_->computing);
        actual.push_back(correction.clone());
    }
    streams_->computing.synchronize();
    for (size_t n = 0; n < windows.size(); ++n)
        EXPECT_TRUE(at::equal(actual[n].to(at::kCPU), expected[n])) << "frame " << n;
}

TEST_F(Network, MemoryDoesNotGrow) {
    const NetworkConfig config{"strcnn_dtb_fast", 1, true};
    const auto network = lively_network(config);
    const auto graph = make(network, 90, 160, at::kHalf);
    const std::vector<torch::Tensor> frames(3, at::rand({1, 3, 90, 160}, at::kCUDA));
    const auto used = [] {
        size_t free = 0, total = 0;
        C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
        return total - free;
    };
    const auto steps = [&](int count) {
        for (int i = 0; i < count; ++i)
            graph->step(frames);
        streams_->synchronize();
    };
    steps(100);
    const size_t before = used();
    steps(10000);
    EXPECT_EQ(used(), before);
}

} // namespace
} // namespace deblur
