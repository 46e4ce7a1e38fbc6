// The pool of clips: which are there in a step, which of them it draws, and what its file keeps.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_pool.h"

#include <atomic>
#include <set>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace deblur {
namespace {

constexpr int64_t kFrames = 3, kSize = 16;

// Clips that tell their number, in codes.
class Numbered : public ClipSource {
  public:
    Clip clip(uint64_t index) const override {
        ++made;
        const double number = static_cast<double>(index);
        const auto plane = at::full({kFrames, 1, kSize, kSize}, number / 255);
        const auto picture = plane.expand({kFrames, 3, kSize, kSize});
        return {picture, 1 - picture, plane, plane, plane * 255 / 8};
    }
    mutable std::atomic<int> made{0};
};

PoolOptions small_pool() {
    PoolOptions options;
    options.capacity = 4;
    options.first = 2;
    options.refresh = 0.5;
    options.signature = "numbers";
    return options;
}

std::set<int> numbers_in(ClipPool &pool, int64_t step) {
    std::set<int> numbers;
    const auto clips = pool.batch(step, 64, {2, 8});
    for (const auto &clip : clips.blurry.unbind(0))
        numbers.insert(static_cast<int>(std::lround(clip.mean().item<double>() * 255)));
    return numbers;
}

TEST(ClipPool, DrawsFromTheNewestClips) {
    const auto source = std::make_shared<Numbered>();
    ClipPool pool(source, kFrames, kSize, small_pool());
    EXPECT_EQ(numbers_in(pool, 0), (std::set<int>{0, 1}));
    EXPECT_EQ(numbers_in(pool, 1), (std::set<int>{0, 1}));
    EXPECT_EQ(numbers_in(pool, 2), (std::set<int>{0, 1, 2}));
    EXPECT_EQ(numbers_in(pool, 10), (std::set<int>{3, 4, 5, 6}));
}

TEST(ClipPool, ConsecutiveStepsRenderEveryClipOnce) {
    const auto source = std::make_shared<Numbered>();
    {
        ClipPool pool(source, kFrames, kSize, small_pool());
        for (int64_t step = 0; step <= 20; ++step)
            pool.batch(step, 1, {2, 8});
        EXPECT_EQ(pool.rendered(), 12);
    }
    EXPECT_LE(source->made, 13); // one is on its way
}

TEST(ClipPool, KeepsAllThatStepsLearnFrom) {
    ClipPool pool(std::make_shared<Numbered>(), kFrames, kSize, small_pool());
    const auto clips = pool.batch(9, 3, {2, 8});
    EXPECT_EQ(clips.blurry.sizes(), at::IntArrayRef({3, 2, 3, 8, 8}));
    EXPECT_EQ(clips.foreground.sizes(), at::IntArrayRef({3, 2, 1, 8, 8}));
    EXPECT_TRUE(at::allclose(clips.sharp, 1 - clips.blurry));
    EXPECT_TRUE(at::allclose(clips.foreground, clips.blurry.narrow(2, 0, 1)));
    EXPECT_TRUE(at::allclose(clips.blur, clips.foreground * 255 / 8));
}

TEST(ClipPool, AStepDependsOnItsNumberAlone) {
    ClipPool whole(std::make_shared<Numbered>(), kFrames, kSize, small_pool());
    ClipPool late(std::make_shared<Numbered>(), kFrames, kSize, small_pool());
    for (int64_t step = 0; step < 11; ++step)
        whole.batch(step, 2, {2, 8});
    EXPECT_TRUE(whole.batch(11, 2, {2, 8}).blurry.equal(late.batch(11, 2, {2, 8}).blurry));
}

TEST(ClipPool, TheNextRunFindsTheFile) {
    const TemporaryFolder folder;
    auto options = small_pool();
    options.file = folder / "pool";
    const auto first = [&] {
        return ClipPool(std::make_shared<Numbered>(), kFrames, kSize, options)
            .batch(9, 2, {2, 8})
            .blurry;
    }();
    const auto rendered = [&] {
        ClipPool pool(std::make_shared<Numbered>(), kFrames, kSize, options);
        EXPECT_TRUE(pool.batch(9, 2, {2, 8}).blurry.equal(first));
        return pool.rendered();
    };
    EXPECT_EQ(rendered(), 0);
    options.signature = "other numbers";
    EXPECT_EQ(rendered(), 4);
}

} // namespace
} // namespace deblur
