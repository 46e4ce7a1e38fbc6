// How training looks at clips.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_view.h"

#include <set>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace deblur {
namespace {

// Every tensor of a clip tells of the same places.
Clip clip_of(const torch::Tensor &blurry) {
    const auto one = blurry.mean(1, true);
    return {blurry, blurry + 1, one, one + 1, one + 2};
}

TEST(Transform, IsTheSameForAllAndChangesThem) {
    at::manual_seed(1);
    const auto blurry = at::rand({3, 3, 8, 8});
    std::set<float> corners;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        Random random(seed);
        const auto clip = transform(random, clip_of(blurry), Symmetries::All);
        const auto expected = clip_of(clip.blurry);
        EXPECT_TRUE(at::allclose(clip.sharp, expected.sharp));
        EXPECT_TRUE(at::allclose(clip.motion, expected.motion));
        EXPECT_TRUE(at::allclose(clip.foreground, expected.foreground));
        EXPECT_TRUE(at::allclose(clip.blur, expected.blur));
        EXPECT_EQ(clip.blurry.sizes(), blurry.sizes());
        corners.insert(clip.blurry[0][0][0][0].item<float>());
    }
    EXPECT_GT(corners.size(), 20u); // of 2 (time) x 4 (corners) x 3 (channels)
}

// Its feet stay below, and its colours are its own.
TEST(Transform, KeepsPeopleUpright) {
    const auto rows = at::arange(8, at::kFloat).view({1, 1, 8, 1}),
               columns = at::arange(8, at::kFloat).view({1, 1, 1, 8});
    const auto colours = at::arange(3, at::kFloat).view({1, 3, 1, 1}),
               time = at::arange(3, at::kFloat).view({3, 1, 1, 1});
    const auto blurry = 1000 * time + 100 * colours + 10 * rows + columns;
    std::set<float> corners;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        const auto clip = transform(random, clip_of(blurry), Symmetries::Upright);
        EXPECT_TRUE(at::allclose(clip.sharp, clip_of(clip.blurry).sharp));
        corners.insert(clip.blurry[0][0][0][0].item<float>());
    }
    EXPECT_EQ(corners, (std::set<float>{0, 7, 2000, 2007}));
}

TEST(Transform, OblongClipsKeepTheirShape) {
    const auto clip = at::rand({2, 3, 8, 12});
    for (uint64_t seed = 0; seed < 8; ++seed) {
        Random random(seed);
        EXPECT_EQ(transform(random, clip_of(clip), Symmetries::All).blurry.sizes(), clip.sizes());
    }
}

TEST(FrameOrder, RepeatsFramesInAShareOfTheClips) {
    constexpr int64_t held = 7, count = 5;
    int still = 0, doubled = 0, one_repeated = 0, consecutive = 0;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
        Random random(seed);
        const auto order = frame_order(random, held, count);
        ASSERT_EQ(order.size(), size_t(count));
        int repeats = 0;
        for (size_t i = 1; i < order.size(); ++i) {
            EXPECT_GE(order[i], 0);
            EXPECT_LT(order[i], held);
            EXPECT_TRUE(order[i] >= order[i - 1] && order[i] <= order[i - 1] + 2);
            repeats += order[i] == order[i - 1];
        }
        ++(repeats == 0   ? consecutive
           : repeats == 1 ? one_repeated
           : repeats == 2 ? doubled
                          : still);
    }
    EXPECT_GT(consecutive, 700);
    EXPECT_GT(still, 40);
    EXPECT_GT(doubled, 30);
    EXPECT_GT(one_repeated, 20);
}

TEST(View, ShowsTheSamePartOfEveryTensor) {
    const auto blurry = at::rand({5, 3, 12, 12});
    std::set<float> corners;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        Random random(seed);
        const auto clip = view_of(random, clip_of(blurry), {3, 8});
        EXPECT_EQ(clip.blurry.sizes(), at::IntArrayRef({3, 3, 8, 8}));
        EXPECT_TRUE(at::allclose(clip.sharp, clip_of(clip.blurry).sharp));
        EXPECT_TRUE(at::allclose(clip.blur, clip_of(clip.blurry).blur));
        corners.insert(clip.blurry[0][0][0][0].item<float>());
    }
    EXPECT_GT(corners.size(), 30u);
}

} // namespace
} // namespace deblur
