// Between picture size and working size, against LibTorch's operations.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/padding.h"
#include "picture/planes.h"
#include "picture/resize.h"
#include "torch/image_tensor.h"
#include "torch/tensor_pictures.h"

namespace deblur {
namespace {

torch::Tensor resized(const torch::Tensor &x, int height, int width) {
    return to_tensor(resize(to_image(x.contiguous()), height, width));
}

TEST(Resize, SameSizeIsTheSameImage) {
    const Image x(3, 5, 7);
    EXPECT_EQ(resize(x, 5, 7).data(), x.data());
}

TEST(Resize, ConstantsStayConstant) {
    const auto x = at::full({1, 3, 48, 64}, 0.25);
    for (const auto &[height, width] : {std::pair{1, 1}, {17, 31}, {96, 128}, {48, 20}}) {
        const auto y = resized(x, height, width);
        ASSERT_EQ(y.sizes(), at::IntArrayRef({1, 3, height, width}));
        EXPECT_LT((y - 0.25).abs().max().item<float>(), 1e-6);
    }
    EXPECT_EQ(resized(at::zeros({1, 3, 9, 9}), 20, 20).abs().max().item<float>(), 0);
}

// The finest pattern must vanish when half its samples go, not turn into another pattern.
TEST(Resize, ShrinkingDoesNotAlias) {
    const auto stripes = at::arange(64).remainder(2).to(at::kFloat).expand({1, 3, 64, 64});
    EXPECT_LT((resized(stripes, 64, 24) - 0.5).abs().max().item<float>(), 0.1);
}

TEST(Resize, CornersAreNotShifted) {
    const auto ramp = at::arange(64, at::kFloat).expand({1, 1, 64, 64}).contiguous();
    const auto half = resized(ramp, 32, 32);
    EXPECT_NEAR(half[0][0][16][16].item<float>(), 32.5, 0.01); // centre of pixels 32 and 33
}

// LibTorch calculates positions in float32.
TEST(Resize, IsThatOfTheReference) {
    at::manual_seed(1);
    for (const auto &[height, width] : {std::pair{1, 1}, {3, 2}, {37, 61}, {64, 48}}) {
        const auto x = at::rand({1, 3, height, width});
        for (const auto &[to_height, to_width] : {std::pair{1, 1}, {5, 90}, {37, 20}, {90, 121}, {128, 7}}) {
            SCOPED_TRACE(testing::Message() << width << "x" << height << " to " << to_width << "x" << to_height);
            EXPECT_TRUE(resized(x, to_height, to_width).allclose(resize(x, to_height, to_width), 0, 3e-5));
            const auto linear = to_tensor(resize_bilinear(to_image(x), to_height, to_width));
            EXPECT_TRUE(linear.allclose(at::upsample_bilinear2d(x, {to_height, to_width}, false), 0, 3e-5));
        }
    }
}

TEST(Planes, AreThoseOfTheReference) {
    at::manual_seed(1);
    for (const auto &[height, width] : {std::pair{1, 1}, {1, 5}, {3, 18}, {37, 61}}) {
        const auto x = at::rand({1, 2, height, width});
        for (const int multiple : {1, 2, 16, 64}) {
            const auto padded = pad_to_multiple(x, multiple);
            const Image extended_image = extended(to_image(x), multiple);
            EXPECT_TRUE(to_tensor(extended_image).equal(padded)) << multiple;
            EXPECT_TRUE(to_tensor(cropped(extended_image, height, width)).equal(x)) << multiple;
            EXPECT_TRUE(to_tensor(shrunk(extended_image, multiple))
                            .allclose(at::avg_pool2d(padded, {multiple, multiple}), 0, 1e-5))
                << multiple;
        }
    }
}

} // namespace
} // namespace deblur
