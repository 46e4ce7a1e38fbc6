// Scene cuts are found, motion and gradual change are not taken for them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "engine/scene.h"
#include "picture/luma.h"
#include "torch/image_tensor.h"

namespace deblur {
namespace {

// Waves of a given frequency, shifted by a phase, around a given brightness.
torch::Tensor scene(double frequency, double phase, double brightness = 0.5) {
    const auto x = at::arange(96, at::kFloat).view({1, 1, 1, 96});
    const auto y = at::arange(64, at::kFloat).view({1, 1, 64, 1});
    return (at::sin(x * frequency + y * 0.1 + phase) * 0.4 + brightness).expand({1, 3, 64, 96});
}

Image small(const torch::Tensor &frame) {
    return thumbnail(to_image(frame.contiguous()));
}

bool is_cut(SceneDetector &detector, const torch::Tensor &frame) {
    return detector.is_cut(small(frame));
}

std::vector<int> cuts(SceneDetector &detector, const std::vector<torch::Tensor> &frames) {
    std::vector<int> result;
    for (size_t n = 0; n < frames.size(); ++n)
        if (is_cut(detector, frames[n]))
            result.push_back(static_cast<int>(n));
    return result;
}

TEST(Scene, FindsTheCut) {
    std::vector<torch::Tensor> frames;
    for (int n = 0; n < 12; ++n)
        frames.push_back(n < 5 ? scene(0.1, 0.05 * n) : scene(0.23, 2 + 0.05 * n, 0.3));
    SceneDetector detector(10);
    EXPECT_EQ(cuts(detector, frames), std::vector<int>{5});
}

TEST(Scene, SteadyMotionIsNoCut) {
    std::vector<torch::Tensor> frames;
    double phase = 0;
    for (int n = 0; n < 20; ++n) {
        frames.push_back(scene(0.1, phase));
        phase += n < 16 ? 0.1 * std::min(n, 8) : 0; // speeds up, goes on, stops at once
    }
    const float change = 100 * (frames[15] - frames[14]).abs().mean().item<float>();
    ASSERT_GT(change, 10); // or the test shows nothing
    SceneDetector detector(10);
    EXPECT_TRUE(cuts(detector, frames).empty());
}

TEST(Scene, FadeIsNoCut) {
    std::vector<torch::Tensor> frames;
    for (int n = 0; n < 20; ++n)
        frames.push_back(scene(0.1, 0, 0.9 - 0.04 * n));
    SceneDetector detector(10);
    EXPECT_TRUE(cuts(detector, frames).empty());
}

// As the restorer asks: a sudden frame is judged with the one after it.
bool is_flash(const std::vector<torch::Tensor> &frames, size_t sudden) {
    SceneDetector detector(10);
    for (size_t n = 0; n < sudden; ++n)
        EXPECT_FALSE(is_cut(detector, frames[n])) << n;
    EXPECT_TRUE(is_cut(detector, frames[sudden]));
    const bool result = detector.was_flash(small(frames[sudden + 1]));
    for (size_t n = sudden + 1; n < frames.size(); ++n)
        EXPECT_FALSE(is_cut(detector, frames[n])) << n;
    return result;
}

TEST(Scene, FlashIsNoCut) {
    std::vector<torch::Tensor> still, moving, cut;
    for (int n = 0; n < 12; ++n) {
        still.push_back(n == 5 ? at::ones({1, 3, 64, 96}) : scene(0.1, 0));
        moving.push_back(n == 5 ? at::ones({1, 3, 64, 96}) : scene(0.1, 0.2 * n));
        cut.push_back(n < 5 ? scene(0.1, 0.05 * n) : scene(0.23, 2 + 0.05 * n, 0.3));
    }
    EXPECT_TRUE(is_flash(still, 5));
    EXPECT_TRUE(is_flash(moving, 5));
    EXPECT_FALSE(is_flash(cut, 5));
}

TEST(Scene, FlashInFastMotionIsNoCut) {
    std::vector<torch::Tensor> frames; // 12 % from one to the next, so 24 % over the flash
    for (const double level : {0.0, 0.06, 0.18, 0.30, 0.42, 1.0, 0.66})
        frames.push_back(at::full({1, 3, 8, 8}, level));
    EXPECT_TRUE(is_flash(frames, 5));
}

TEST(Scene, ThresholdSeparates) {
    const std::vector<torch::Tensor> frames{at::zeros({1, 3, 8, 8}), at::zeros({1, 3, 8, 8}),
                                            at::full({1, 3, 8, 8}, 0.2)};
    SceneDetector strict(19.9f), lax(20.1f), off(0);
    EXPECT_EQ(cuts(strict, frames), std::vector<int>{2});
    EXPECT_TRUE(cuts(lax, frames).empty());
    EXPECT_TRUE(cuts(off, frames).empty());
}

TEST(Scene, ResetForgets) {
    SceneDetector detector(10);
    EXPECT_FALSE(is_cut(detector, at::zeros({1, 3, 8, 8})));
    detector.reset();
    EXPECT_FALSE(is_cut(detector, at::ones({1, 3, 8, 8})));
    EXPECT_TRUE(is_cut(detector, at::zeros({1, 3, 8, 8})));
}

TEST(Scene, WorksOnOnePixel) {
    SceneDetector detector(10);
    EXPECT_FALSE(is_cut(detector, at::zeros({1, 3, 1, 1})));
    EXPECT_TRUE(is_cut(detector, at::ones({1, 3, 1, 1})));
}

} // namespace
} // namespace deblur
