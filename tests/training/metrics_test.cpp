// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/metrics.h"

#include <functional>
#include <limits>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace deblur {
namespace {

// The same integers as in the Python that gave the reference values:
//     skimage.metrics.peak_signal_noise_ratio(a, b)
//     skimage.metrics.structural_similarity(a, b, gaussian_weights=True, sigma=1.5,
//         use_sample_covariance=False, data_range=255, channel_axis=2)
torch::Tensor picture(const std::function<int(int x, int y, int c)> &value) {
    constexpr int height = 24, width = 37;
    std::vector<float> values;
    for (int c = 0; c < 3; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                values.push_back(static_cast<float>(value(x, y, c)) / 255.0f);
    return at::tensor(values).view({3, height, width});
}

int busy(int x, int y, int c) {
    return 40 + (x * x + 3 * y * x + 17 * c * y) % 151;
}
int smooth(int x, int y, int c) {
    return 90 + x / 3 + y / 2 + c;
}

TEST(Psnr, KnownDifference) {
    const auto a = at::full({3, 8, 8}, 100 / 255.0), b = at::full({3, 8, 8}, 110 / 255.0);
    EXPECT_NEAR(psnr(a, b), 28.130804, 1e-5); // 20 log10(255 / 10)
}

TEST(Psnr, AFrameThatIsNoPictureScoresWorst) {
    const auto sharp = at::full({3, 16, 16}, 0.5);
    auto broken = sharp.clone();
    broken[1][2][3] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(psnr(broken, sharp), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(psnr(sharp, broken), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(ssim(broken, sharp), -1);
}

TEST(Psnr, ComparesWhatEightBitsHold) {
    const auto white = at::ones({3, 4, 4});
    EXPECT_EQ(psnr(white * 1.5, white), kIdenticalPsnr);
    EXPECT_EQ(psnr(white * (1 - 0.4 / 255), white), kIdenticalPsnr);
    EXPECT_LT(psnr(white * (1 - 0.6 / 255), white), 49);
}

TEST(Metrics, AgreeWithScikitImageOnTexture) {
    const auto a = picture(busy);
    const auto b = picture([](int x, int y, int c) {
        return (busy(x, y, c) * 3 + (x * 5 + y * 11 + c * 7) % 64) / 4 + 8;
    });
    EXPECT_NEAR(psnr(a, b), 23.32074295, 1e-6);
    EXPECT_NEAR(ssim(a, b), 0.94781957775, 1e-7);
}

TEST(Metrics, AgreeWithScikitImageOnNoise) {
    const auto a = picture(smooth);
    const auto b = picture(
        [](int x, int y, int c) { return smooth(x, y, c) + (x * 7 + y * 13 + c * 5) % 9 - 4; });
    EXPECT_NEAR(psnr(a, b), 39.88878277, 1e-6);
    EXPECT_NEAR(ssim(a, b), 0.90064805847, 1e-7);
}

TEST(Ssim, IdenticalIsOneAndTooSmallIsAnError) {
    const auto a = picture(busy);
    EXPECT_NEAR(ssim(a, a), 1.0, 1e-12);
    EXPECT_THROW(ssim(a.narrow(1, 0, 10), a.narrow(1, 0, 10)), std::invalid_argument);
}

} // namespace
} // namespace deblur
