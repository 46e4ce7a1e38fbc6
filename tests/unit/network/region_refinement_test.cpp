// Algorithm 1 with made-up judges and refiners.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/region_refinement.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/patch_windows.h"

namespace deblur {
namespace {

using torch::Tensor;

TEST(PatchWindows, AreHalfOverEachOtherFromLeftToRightAndTopToBottom) {
    const auto windows = patch_windows(256, 192);
    ASSERT_EQ(windows.size(), 3u * 2);
    for (size_t i = 0; i < windows.size(); ++i) {
        EXPECT_EQ(windows[i].top, 64 * static_cast<int64_t>(i / 2));
        EXPECT_EQ(windows[i].left, 64 * static_cast<int64_t>(i % 2));
        EXPECT_EQ(windows[i].height, 128);
        EXPECT_EQ(windows[i].width, 128);
    }
}

TEST(PatchWindows, EndWhereThePictureDoes) {
    const auto windows = patch_windows(50, 200);
    ASSERT_EQ(windows.size(), 3u);
    EXPECT_EQ(windows[1].left, 64);
    EXPECT_EQ(windows[2].left, 72);
    EXPECT_EQ(windows[2].height, 50);
}

TEST(PatchWindows, FeatherOnlyInsideOfThePicture) {
    const auto corner = feather({0, 0, 128, 128}, 256, 128);
    EXPECT_EQ(corner[0][0].item<float>(), 1);
    EXPECT_EQ(corner[64][127].item<float>(), 1);
    EXPECT_NEAR(corner[127][64].item<float>(), 0.5 / 16, 1e-6);
    EXPECT_NEAR(corner[120][64].item<float>(), 7.5 / 16, 1e-6);
    EXPECT_EQ(corner[100][64].item<float>(), 1);
}

// A picture of one gray in which every window is refined by making it brighter, and the judge likes that or not.
class Refining : public testing::Test {
  protected:
    Refinement refine(int passes, const Tensor &memory = {}) {
        refined_.clear();
        return refine_regions(at::zeros({1, 3, 256, 256}), memory, passes,
                              {[this](const Tensor &picture) { return judge(picture); },
                               [this](const Tensor &picture, const PatchWindow &place) {
                                   refined_.push_back(place.height);
                                   return place.of(picture) + 0.5;
                               }});
    }

    Judgement judge(const Tensor &picture) const {
        const double brightness = picture.mean().item<double>();
        // Once so bright, it is liked the less the brighter it is.
        return {liking_ * std::min(brightness, 2 * limit_ - brightness), heat_ - picture[0][0]};
    }

    Tensor weights(const Refinement &result) const { return result.memory[1].view({3, 3}); }

    Tensor heat_ = at::zeros({256, 256});
    double liking_ = 1, limit_ = 1;
    std::vector<int64_t> refined_;
};

TEST_F(Refining, BeginsWithTheMostBlurred) {
    heat_.narrow(0, 128, 128).narrow(1, 128, 128).fill_(2);
    const auto result = refine(1);
    EXPECT_EQ(result.accepted, 1);
    EXPECT_EQ(weights(result)[2][2].item<float>(), 1);
    EXPECT_EQ(weights(result).sum().item<float>(), 1);
    EXPECT_EQ(result.picture[0][0][255][255].item<float>(), 0.5);
    EXPECT_EQ(result.picture[0][0][120][120].item<float>(), 0);
}

TEST_F(Refining, GoesOnUntilThePassesAreUsedUpAndTakesNoWindowTwice) {
    for (const int passes : {0, 2, 3, 100}) {
        const auto result = refine(passes);
        EXPECT_EQ(result.tried, std::min(passes, 9));
        EXPECT_EQ(static_cast<int>(refined_.size()), std::min(passes, 9));
        EXPECT_EQ(result.accepted, std::min(passes, 9));
    }
}

TEST_F(Refining, RefinesOnceWhatWindowsShare) {
    const auto picture = refine(9).picture;
    EXPECT_NEAR(picture.max().item<float>(), 0.5, 1e-6);
    EXPECT_NEAR(picture.min().item<float>(), 0.5, 1e-6);
}

TEST_F(Refining, StopsWhenTheConfidenceFalls) {
    liking_ = -1;
    const auto worse = refine(5);
    EXPECT_EQ(worse.tried, 1);
    EXPECT_EQ(worse.accepted, 0);
    EXPECT_EQ(worse.picture.abs().max().item<float>(), 0);

    liking_ = 1;
    limit_ = 0.2; // the second window passes it by a little, the third by much; each has somewhat less than an eighth
    const auto limited = refine(5);
    EXPECT_EQ(limited.accepted, 2);
    EXPECT_EQ(limited.tried, 3);
}

TEST_F(Refining, GoesOnWhereTheConfidenceHardlyFalls) {
    liking_ = -0.05; // by 0.006 with the first window
    EXPECT_EQ(refine(1).accepted, 1);
    liking_ = -0.2;
    EXPECT_EQ(refine(1).accepted, 0);
}

TEST_F(Refining, MinesInTheMapOfWhatWasRefined) {
    heat_.narrow(0, 0, 192).narrow(1, 0, 192).fill_(1); // the windows of the upper left
    heat_.narrow(0, 0, 128).narrow(1, 0, 128).fill_(1.2);
    const auto result = refine(2);
    EXPECT_EQ(weights(result)[0][0].item<float>(), 1);
    EXPECT_EQ(weights(result)[1][1].item<float>(), 1); // of those left, the one that the first touched least
}

TEST_F(Refining, FadesInWhatIsNewAndOutWhatIsNoLongerGood) {
    heat_.narrow(0, 0, 128).narrow(1, 0, 128).fill_(2);
    auto last = refine(1);
    const auto at_corner = [&] { return last.picture[0][0][0][0].item<float>(); };
    EXPECT_EQ(at_corner(), 0.5);
    liking_ = -1;
    for (const float expected : {0.375f, 0.25f, 0.125f, 0.0f, 0.0f}) {
        last = refine(1, last.memory);
        EXPECT_NEAR(at_corner(), expected, 1e-6);
    }
    liking_ = 1;
    for (const float expected : {0.125f, 0.25f, 0.375f, 0.5f, 0.5f}) {
        last = refine(1, last.memory);
        EXPECT_NEAR(at_corner(), expected, 1e-6);
    }
}

TEST_F(Refining, StaysWithTheWindowsOfTheFrameBefore) {
    heat_.narrow(0, 0, 128).narrow(1, 0, 128).fill_(2);
    auto last = refine(1);
    heat_.zero_();
    heat_.narrow(0, 128, 128).narrow(1, 128, 128).fill_(2); // a whole frame elsewhere
    last = refine(1, last.memory);
    EXPECT_EQ(weights(last)[0][0].item<float>(), 1);
    EXPECT_NEAR(last.memory[0][0].item<float>(), 0.75 * 2, 1e-5) << "the average of the heat";
    EXPECT_NEAR(last.memory[0][8].item<float>(), 0.25 * 2, 1e-5);
    for (int n = 0; n < 30; ++n)
        last = refine(1, last.memory);
    EXPECT_EQ(weights(last)[0][0].item<float>(), 0) << "no longer among the more blurred";
    EXPECT_EQ(weights(last)[2][2].item<float>(), 1);
}

} // namespace
} // namespace deblur
