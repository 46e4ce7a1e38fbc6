// Recordings exposed by Eq. 1, against a direct average; clips written and read again.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/high_speed.h"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "media/picture_file.h"
#include "temporary_folder.h"
#include "training/clip_files.h"
#include "training/dead_leaves.h"
#include "training/sequences.h"

namespace deblur {
namespace {

constexpr int64_t kSubFrames = 17;

class HighSpeedTest : public testing::Test {
  protected:
    HighSpeedTest() {
        Random random(3);
        const auto scene = DeadLeaves().detail(random, 96);
        for (int64_t i = 0; i < kSubFrames; ++i) { // pans by a pixel
            pixels_.push_back(frame_to_pixels(scene.narrow(1, 8, 48).narrow(2, 4 + i, 64)));
            write_picture(folder_ / (std::to_string(i) + ".png"), pixels_.back());
        }
    }

    torch::Tensor sub_frame(int64_t i) { return pixels_to_frame(pixels_[static_cast<size_t>(i)]); }

    TemporaryFolder folder_;
    std::vector<torch::Tensor> pixels_;
};

TEST_F(HighSpeedTest, IsTheMeanOfTauSubFramesEveryPeriod) {
    const Shutter shutter{5, 6};
    for (const double gamma : {1.0, 2.2}) {
        HighSpeedRecording recording(folder_.path(), shutter, CameraResponse(gamma));
        int64_t n = 0;
        while (const auto exposed = recording.read()) {
            auto light = at::zeros({3, 48, 64}, at::kDouble);
            for (int64_t j = 0; j < shutter.tau; ++j)
                light += sub_frame(n * shutter.period + j).to(at::kDouble).pow(gamma);
            const auto expected = (light / static_cast<double>(shutter.tau)).pow(1 / gamma);
            EXPECT_LT((exposed->blurry - expected).abs().max().item<double>(), 1e-5);
            EXPECT_TRUE(exposed->sharp.equal(sub_frame(n * shutter.period + shutter.tau / 2)));
            ++n;
        }
        EXPECT_EQ(n, 3); // sub-frames 0-4, 6-10 and 12-16
    }
}

TEST_F(HighSpeedTest, AnIncompleteExposureIsLeftOut) {
    HighSpeedRecording recording(folder_.path(), {9, 9}, CameraResponse(1.0));
    EXPECT_TRUE(recording.read());
    EXPECT_FALSE(recording.read()); // 8 sub-frames are left
    HighSpeedRecording apart(folder_.path(), {3, 40}, CameraResponse(1.0));
    EXPECT_TRUE(apart.read());
    EXPECT_FALSE(apart.read());
}

TEST_F(HighSpeedTest, MotionIsThatOfTheExposure) {
    HighSpeedRecording recording(folder_.path(), {5, 5}, CameraResponse(1.0));
    const auto exposed = recording.read();
    EXPECT_NEAR(exposed->motion.median().item<double>(), 4, 0.5);
    EXPECT_NEAR(exposed->step, 1, 0.25);
}

TEST(ClipWriter, BothFormatsAreReadAgain) {
    at::manual_seed(5);
    const auto blurry = at::rand({2, 3, 20, 24}), sharp = at::rand({2, 3, 20, 24});
    const auto motion = at::rand({2, 1, 20, 24}) * 30, foreground = at::rand({2, 1, 20, 24});
    for (const auto format : {ClipFormat::Video, ClipFormat::Png}) {
        const TemporaryFolder folder;
        ClipWriter writer(folder / "clip", format, 25);
        for (int64_t n = 0; n < 2; ++n)
            writer.write(blurry[n], sharp[n], motion[n], foreground[n]);
        writer.finish();
        const auto sequences = read_sequences(folder.path());
        ASSERT_EQ(sequences.size(), 1u);
        for (size_t n = 0; n < 2; ++n) {
            const auto at = static_cast<int64_t>(n);
            EXPECT_LE((sequences[0].blurry[n] - blurry[at]).abs().max().item<float>(), 0.51f / 255);
            EXPECT_LE((sequences[0].sharp[n] - sharp[at]).abs().max().item<float>(), 0.51f / 255);
        }
        const bool video = format == ClipFormat::Video;
        FrameReader maps(folder / (video ? "clip/motion.mkv" : "clip/motion"));
        FrameReader masks(folder / (video ? "clip/foreground.mkv" : "clip/foreground"));
        const auto map = maps.read(), mask = masks.read();
        EXPECT_LE(
            (map->select(2, 0) / ClipWriter::kMotionCodes - motion[0][0]).abs().max().item<float>(),
            0.51 / ClipWriter::kMotionCodes);
        EXPECT_LE((mask->select(2, 0) - foreground[0][0] * 255).abs().max().item<float>(), 0.51);
    }
}

} // namespace
} // namespace deblur
