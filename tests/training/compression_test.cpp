// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/compression.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace deblur {
namespace {

// Smooth texture that moves and brightens, so that a frame out of order would be far off.
torch::Tensor moving_clip(int64_t frames, int64_t height, int64_t width) {
    at::manual_seed(5);
    const auto texture = at::upsample_bicubic2d(at::rand({1, 3, 24, 24}), {160, 160}, false);
    std::vector<torch::Tensor> clip;
    for (int64_t n = 0; n < frames; ++n)
        clip.push_back(texture[0].narrow(1, 2 * n, height).narrow(2, 3 * n, width) *
                       (0.4 + 0.05 * static_cast<double>(n)));
    return at::stack(clip).clamp(0, 1).mul(255).to(at::kByte).permute({0, 2, 3, 1}).contiguous();
}

double error(const torch::Tensor &a, const torch::Tensor &b) {
    return (a.to(at::kFloat) - b.to(at::kFloat)).square().mean().sqrt().item<double>();
}

TEST(Compression, LosesMoreAtHigherFactors) {
    const auto clip = moving_clip(9, 64, 80);
    double last = 0;
    for (const int crf : {5, 20, 30, 40}) {
        const auto compressed = compress_h264(clip, crf);
        ASSERT_EQ(compressed.sizes(), clip.sizes());
        const double loss = error(compressed, clip);
        EXPECT_GT(loss, last) << "crf " << crf;
        last = loss;
    }
    EXPECT_LT(error(compress_h264(clip, 5), clip), 3); // steps of 8 bits, by 4:2:0 above all
}

TEST(Compression, KeepsTheOrderOfFrames) {
    const auto clip = moving_clip(9, 64, 64);
    const auto compressed = compress_h264(clip, 18);
    for (int64_t n = 0; n < 9; ++n)
        for (int64_t other = 0; other < 9; ++other)
            if (other != n) {
                EXPECT_LT(error(compressed[n], clip[n]), error(compressed[n], clip[other]));
            }
}

TEST(Compression, TakesOddSizesAndIsRepeatable) {
    const auto clip = moving_clip(3, 33, 47);
    const auto compressed = compress_h264(clip, 23);
    EXPECT_EQ(compressed.sizes(), clip.sizes());
    EXPECT_TRUE(compressed.equal(compress_h264(clip, 23)));
}

} // namespace
} // namespace deblur
