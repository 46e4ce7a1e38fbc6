// The order in which training sees clips.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_stream.h"

#include <set>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "training/dead_leaves.h"

namespace deblur {
namespace {

Dataset small_dataset() {
    DatasetOptions options;
    options.frames = 2;
    options.height = options.width = 24;
    return {std::make_shared<DeadLeaves>(), options};
}

TEST(ClipStream, UsedOnceIsTheDataSetInOrder) {
    ClipStream stream(small_dataset(), 2, 1, 1);
    const auto clips = stream.batch(3);
    const auto [expected_blurry, expected_sharp] = small_dataset().batch(6, 2);
    EXPECT_TRUE(clips.blurry.equal(expected_blurry));
    EXPECT_TRUE(clips.sharp.equal(expected_sharp));
    EXPECT_TRUE(clips.blur[1].equal(small_dataset().clip(7).blur));
    EXPECT_TRUE(clips.foreground[1].equal(small_dataset().clip(7).foreground));
}

TEST(ClipStream, DependsOnTheStepAlone) {
    ClipStream whole(small_dataset(), 2, 4, 1), late(small_dataset(), 2, 4, 1);
    for (int64_t step = 0; step < 11; ++step)
        whole.batch(step);
    EXPECT_TRUE(whole.batch(11).blurry.equal(late.batch(11).blurry));
}

// What symmetries leave alone tells which clip it was.
double fingerprint(const torch::Tensor &clip) {
    return std::get<0>(clip.flatten().to(at::kDouble).sort()).pow(3).sum().item<double>();
}

TEST(ClipStream, EveryClipIsUsedAsOftenAsAsked) {
    constexpr int64_t uses = 2, steps = 60;
    ClipStream stream(small_dataset(), 2, uses, 1);
    std::map<double, int> seen;
    for (int64_t step = 0; step < steps; ++step)
        for (const auto &clip : stream.batch(step).blurry.unbind(0))
            ++seen[fingerprint(clip)];
    int complete = 0;
    for (const auto &[print, times] : seen) {
        EXPECT_LE(times, uses);
        complete += times == uses;
    }
    EXPECT_GE(complete, 40); // of 60 new ones; those of the last steps have not come again yet
}

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
    const auto rows = at::arange(8, at::kFloat).view({1, 1, 8, 1}), columns = at::arange(8, at::kFloat).view({1, 1, 1, 8});
    const auto colours = at::arange(3, at::kFloat).view({1, 3, 1, 1}), time = at::arange(3, at::kFloat).view({3, 1, 1, 1});
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

} // namespace
} // namespace deblur
