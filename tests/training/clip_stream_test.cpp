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
    const auto [blurry, sharp] = stream.batch(3);
    const auto [expected_blurry, expected_sharp] = small_dataset().batch(6, 2);
    EXPECT_TRUE(blurry.equal(expected_blurry));
    EXPECT_TRUE(sharp.equal(expected_sharp));
}

TEST(ClipStream, DependsOnTheStepAlone) {
    ClipStream whole(small_dataset(), 2, 4, 1), late(small_dataset(), 2, 4, 1);
    for (int64_t step = 0; step < 11; ++step)
        whole.batch(step);
    EXPECT_TRUE(whole.batch(11).first.equal(late.batch(11).first));
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
        for (const auto &clip : stream.batch(step).first.unbind(0))
            ++seen[fingerprint(clip)];
    int complete = 0;
    for (const auto &[print, times] : seen) {
        EXPECT_LE(times, uses);
        complete += times == uses;
    }
    EXPECT_GE(complete, 40); // of 60 new ones; those of the last steps have not come again yet
}

TEST(Transform, IsTheSameForBothAndChangesThem) {
    at::manual_seed(1);
    const auto blurry = at::rand({3, 3, 8, 8}), sharp = blurry + 1;
    std::set<float> corners;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        Random random(seed);
        const auto [b, s] = transform(random, blurry, sharp);
        EXPECT_TRUE(at::allclose(b + 1, s));
        EXPECT_EQ(b.sizes(), blurry.sizes());
        corners.insert(b[0][0][0][0].item<float>());
    }
    EXPECT_GT(corners.size(), 20u); // of 2 (time) x 4 (corners) x 3 (channels)
}

TEST(Transform, OblongClipsKeepTheirShape) {
    const auto clip = at::rand({2, 3, 8, 12});
    for (uint64_t seed = 0; seed < 8; ++seed) {
        Random random(seed);
        EXPECT_EQ(transform(random, clip, clip).first.sizes(), clip.sizes());
    }
}

} // namespace
} // namespace deblur
