// The operations of the GPU against LibTorch's, on the same device: on a GPU, and with kernels that run on the CPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "gpu/kernel_device.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

class Kernels : public testing::Test {
  protected:
    void SetUp() override {
        if (!test::has_kernel_device())
            GTEST_SKIP() << "there is no CUDA GPU";
    }

    at::TensorOptions options() const { return at::TensorOptions(test::kernel_device()).dtype(type_); }
    at::TensorOptions float_options() const { return options().dtype(at::kFloat); }

    torch::Tensor map(int64_t channels, int64_t height, int64_t width) const {
        return at::randn({1, channels, height, width}, options()).contiguous(at::MemoryFormat::ChannelsLast);
    }

    // In units of the last place of the type.
    double tolerance() const {
        const double of_float = test::kernel_device().is_cuda() ? 1e-5 : 2e-7;
        return type_ == at::kFloat ? of_float : type_ == at::kHalf ? 4e-3 : 3e-2;
    }

    // Those that a GPU is done with at once come besides where there is one.
    static std::vector<std::pair<int, int>> with_large(std::vector<std::pair<int, int>> sizes) {
        if (test::kernel_device().is_cuda())
            sizes.insert(sizes.end(), {{45, 77}, {720, 1280}});
        return sizes;
    }

    void expect_close(const torch::Tensor &actual, const torch::Tensor &expected) const {
        ASSERT_EQ(actual.sizes(), expected.sizes());
        const auto error = (actual - expected).abs().max().item<double>();
        EXPECT_LE(error, tolerance() * expected.abs().max().item<double>());
    }

    template <class Body> void in_every_type(const Body &body) {
        for (const auto type : {at::kFloat, at::kHalf, at::kBFloat16}) {
            SCOPED_TRACE(at::toString(type));
            type_ = type;
            body();
        }
    }

    const TensorOps plain_;
    const cuda::CudaOps &fast_ = test::kernel_ops();
    at::ScalarType type_ = at::kFloat;
};

TEST_F(Kernels, PackWindow) {
    in_every_type([&] {
        for (const auto &[height, width] : with_large({{8, 12}, {5, 7}, {1, 3}, {2, 1}, {45, 300}}))
            for (const auto &[multiple, factor] : {std::pair{2, 1}, {8, 2}})
                for (const int frames : {1, 3, 7}) {
                    std::vector<torch::Tensor> window;
                    for (int i = 0; i < frames; ++i)
                        window.push_back(at::rand({1, 3, height, width}, float_options()));
                    const auto padded = [m = multiple](int x) { return (x + m - 1) / m * m; };
                    auto expected = at::zeros({1, (3 * frames * factor * factor + 7) / 8 * 8, padded(height) / factor,
                                               padded(width) / factor},
                                              options())
                                        .contiguous(at::MemoryFormat::ChannelsLast);
                    auto actual = at::full_like(expected, 5);
                    plain_.pack_window(window, multiple, factor, expected);
                    fast_.pack_window(window, multiple, factor, actual);
                    EXPECT_TRUE(at::equal(actual, expected))
                        << frames << " of " << width << "x" << height << " unshuffled by " << factor;
                }
    });
}

TEST_F(Kernels, Blend) {
    in_every_type([&] {
        const auto difference = map(64, 45, 61), current = map(64, 45, 61), previous = map(64, 45, 61);
        for (const double beta : {0.0, 0.3, 1.0})
            for (const double fresh : {0.0, 1.0}) {
                const auto floor = at::full({}, beta, float_options()), flag = at::full({}, fresh, float_options());
                expect_close(fast_.blend(difference, floor, flag, current, previous),
                             plain_.blend(difference, floor, flag, current, previous));
            }
    });
}

TEST_F(Kernels, AFreshSequenceTakesTheCurrentMap) {
    in_every_type([&] {
        const auto current = map(8, 5, 6), previous = at::zeros_like(current);
        const auto beta = at::full({}, 0.2, float_options()), fresh = at::ones({}, float_options());
        EXPECT_TRUE(at::equal(fast_.blend(map(8, 5, 6), beta, fresh, current, previous), current));
    });
}

TEST_F(Kernels, Gate) {
    for (const auto &[height, width] : with_large({{1, 1}, {1, 9}, {7, 1}, {8, 8}, {17, 8}, {33, 130}, {150, 301}}))
        for (const Gate &gate : {test::lively_gate(1.3, 0.05), test::lively_gate(0.8, 0.4), Gate{1.2}, Gate{}}) {
            const auto correction = test::uneven_correction(height, width).to(test::kernel_device());
            const auto frame = test::uneven_frame(height, width).to(test::kernel_device());
            const auto expected = plain_.gate(correction, frame, gate);
            const auto actual = fast_.gate(correction, frame, gate);
            // Sums of floats in another order, through logarithms.
            EXPECT_TRUE(actual.allclose(expected, 1e-4, 1e-8))
                << width << "x" << height << ": "
                << (actual - expected).abs().max();
        }
}

TEST_F(Kernels, Convolutions) {
    in_every_type([&] {
        const auto x = map(64, 45, 61), plus = map(64, 45, 61);
        const ConvParameters parameters{
            (at::randn({64, 64, 3, 3}, options()) * 0.05).contiguous(at::MemoryFormat::ChannelsLast),
            at::randn({64}, options()), 1, 1};
        for (const auto &added : {torch::Tensor(), plus})
            expect_close(fast_.conv(x, parameters, Activation::Relu, added),
                         plain_.conv(x, parameters, Activation::Relu, added));
    });
    EXPECT_EQ(fast_.has_fused_convolutions(), test::kernel_device().is_cuda()) << "slower than it could be";
}

} // namespace
} // namespace deblur
