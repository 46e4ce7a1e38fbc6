// What the network's kernels compute for a value, run here on the CPU, against LibTorch's operations.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "cuda/blending.h"
#include "cuda/windowing.h"
#include "inference/tensor_ops.h"

namespace deblur {
namespace {

TEST(Windowing, EqualsPaddingAndUnshuffling) {
    const TensorOps ops;
    for (const auto &[height, width] : {std::pair{8, 12}, {5, 7}, {1, 3}, {2, 1}})
        for (const auto &[multiple, factor] : {std::pair{2, 1}, {8, 2}})
            for (const int frames : {1, 3, 7}) {
                SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height) + " unshuffled by " +
                             std::to_string(factor));
                std::vector<torch::Tensor> window;
                cuda::Frames pointers{};
                for (int i = 0; i < frames; ++i) {
                    window.push_back(at::rand({1, 3, height, width}));
                    pointers.data[i] = window.back().data_ptr<float>();
                }
                const auto padded = [m = multiple](int x) { return (x + m - 1) / m * m; };
                const cuda::WindowLayout layout{frames,
                                                height,
                                                width,
                                                factor,
                                                padded(height) / factor,
                                                padded(width) / factor,
                                                (3 * frames * factor * factor + 7) / 8 * 8};
                auto expected =
                    at::zeros({1, layout.channels, layout.out_height, layout.out_width});
                ops.pack_window(window, multiple, factor, expected);
                for (int channel = 0; channel < layout.channels; ++channel)
                    for (int y = 0; y < layout.out_height; ++y)
                        for (int x = 0; x < layout.out_width; ++x)
                            ASSERT_EQ(cuda::window_value(layout, pointers, y, x, channel),
                                      expected[0][channel][y][x].item<float>())
                                << channel << " " << x << "," << y;
            }
}

TEST(Blending, EqualsTheOperations) {
    const TensorOps ops;
    const auto difference = at::randn({1, 4, 5, 6}) * 2, current = at::randn({1, 4, 5, 6});
    const auto previous = at::randn({1, 4, 5, 6});
    for (const float beta : {0.0f, 0.3f, 1.0f}) {
        const auto expected =
            ops.blend(difference, at::full({}, beta), at::zeros({}), current, previous);
        for (int64_t i = 0; i < expected.numel(); ++i)
            ASSERT_NEAR(cuda::blended(difference.data_ptr<float>()[i], beta,
                                      current.data_ptr<float>()[i], previous.data_ptr<float>()[i]),
                        expected.data_ptr<float>()[i], 1e-6);
    }
}

TEST(Blending, AFreshSequenceTakesTheCurrentMap) {
    const TensorOps ops;
    const auto current = at::randn({1, 4, 5, 6});
    EXPECT_TRUE(at::equal(ops.blend(at::randn({1, 4, 5, 6}), at::full({}, 0.2), at::ones({}), current,
                                    at::zeros({1, 4, 5, 6})),
                          current));
}

} // namespace
} // namespace deblur
