// The operations of the GPU against LibTorch's, on the same device.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ATen/ATen.h>

#include "cuda/cuda_ops.h"
#include "gpu/gpu.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

class Kernels : public test::OnGpu {
  protected:
    torch::Tensor map(int64_t channels, int64_t height, int64_t width) const {
        return at::randn({1, channels, height, width}, at::TensorOptions(at::kCUDA).dtype(type_))
            .contiguous(at::MemoryFormat::ChannelsLast);
    }

    // In units of the last place of the type.
    double tolerance() const { return type_ == at::kFloat ? 1e-5 : type_ == at::kHalf ? 4e-3 : 3e-2; }

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
    const cuda::CudaOps fast_;
    at::ScalarType type_ = at::kFloat;
};

TEST_F(Kernels, PackWindow) {
    in_every_type([&] {
        for (const auto &[height, width, multiple, factor] :
             {std::tuple{45, 77, 2, 1}, {45, 77, 8, 2}, {720, 1280, 8, 2}}) {
            std::vector<torch::Tensor> frames;
            for (int i = 0; i < 3; ++i)
                frames.push_back(at::rand({1, 3, height, width}, at::kCUDA));
            const auto padded = [m = multiple](int x) { return (x + m - 1) / m * m; };
            const auto input = [&, h = height, w = width, f = factor] {
                return at::zeros({1, (9 * f * f + 7) / 8 * 8, padded(h) / f, padded(w) / f},
                                 at::TensorOptions(at::kCUDA).dtype(type_))
                    .contiguous(at::MemoryFormat::ChannelsLast);
            };
            auto expected = input(), actual = input();
            plain_.pack_window(frames, multiple, factor, expected);
            fast_.pack_window(frames, multiple, factor, actual);
            EXPECT_TRUE(at::equal(actual, expected)) << width << "x" << height;
        }
    });
}

TEST_F(Kernels, Blend) {
    in_every_type([&] {
        const auto difference = map(64, 45, 61), current = map(64, 45, 61), previous = map(64, 45, 61);
        const auto beta = at::full({}, 0.3, at::kCUDA);
        for (const double fresh : {0.0, 1.0}) {
            const auto flag = at::full({}, fresh, at::kCUDA);
            expect_close(fast_.blend(difference, beta, flag, current, previous),
                         plain_.blend(difference, beta, flag, current, previous));
        }
    });
}

TEST_F(Kernels, Gate) {
    for (const auto &[height, width] :
         {std::pair{1, 1}, {1, 9}, {7, 1}, {8, 8}, {17, 8}, {33, 130}, {150, 301}, {720, 1280}})
        for (const Gate &gate : {test::lively_gate(1.3, 0.05), test::lively_gate(0.8, 0.4), Gate{1.2}, Gate{}}) {
            const auto correction = test::uneven_correction(height, width).to(at::kCUDA);
            const auto frame = test::uneven_frame(height, width).to(at::kCUDA);
            const auto expected = plain_.gate(correction, frame, gate);
            const auto actual = fast_.gate(correction, frame, gate);
            // Sums of floats in another order, through logarithms.
            EXPECT_TRUE(actual.allclose(expected, 1e-4, 1e-8))
                << width << "x" << height << ": "
                << (actual - expected).abs().max();
        }
}

TEST_F(Kernels, FusedConvolutions) {
    in_every_type([&] {
        const auto x = map(64, 45, 61), plus = map(64, 45, 61);
        const auto weight = map(64, 3, 3).expand({64, 64, 3, 3});
        const ConvParameters parameters{
            (weight * 0.05).contiguous(at::MemoryFormat::ChannelsLast),
            at::randn({64}, at::TensorOptions(at::kCUDA).dtype(type_)), 1, 1};
        for (const auto &added : {torch::Tensor(), plus})
            expect_close(fast_.conv(x, parameters, Activation::Relu, added),
                         plain_.conv(x, parameters, Activation::Relu, added));
    });
    EXPECT_TRUE(fast_.has_fused_convolutions()) << "slower than it could be";
}

} // namespace
} // namespace deblur
