// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "media/libav.h"
#include "media/video_reader.h"
#include "media/video_writer.h"
#include "temporary_folder.h"

namespace deblur {
namespace {

std::vector<torch::Tensor> read_all(const std::string &path) {
    std::vector<torch::Tensor> frames;
    VideoReader reader(path);
    while (auto frame = reader.read())
        frames.push_back(*frame);
    EXPECT_FALSE(reader.read()); // the end stays the end
    return frames;
}

TEST(Video, Ffv1IsLossless) {
    const TemporaryFolder folder;
    std::vector<torch::Tensor> frames;
    for (int n = 0; n < 7; ++n)
        frames.push_back(at::randint(0, 256, {11, 23, 3}, at::kLong).to(at::kByte));
    VideoWriterOptions options;
    options.frame_rate = 30000.0 / 1001;
    VideoWriter writer(folder / "a.mkv", 23, 11, options);
    for (const auto &frame : frames)
        writer.write(frame);
    writer.finish();

    const VideoReader reader(folder / "a.mkv");
    EXPECT_EQ(reader.width(), 23);
    EXPECT_EQ(reader.height(), 11);
    EXPECT_NEAR(reader.frame_rate(), 29.97003, 1e-4);
    const auto read = read_all(folder / "a.mkv");
    ASSERT_EQ(read.size(), frames.size());
    for (size_t n = 0; n < frames.size(); ++n)
        EXPECT_TRUE(read[n].equal(frames[n])) << "frame " << n;
}

// Matrix and range agree between writer and reader, on both sides of the 720 lines that change the
// matrix; frames come back in order.
TEST(Video, H264KeepsColours) {
    const TemporaryFolder folder;
    for (const int height : {64, 720}) {
        const std::string path = folder / (std::to_string(height) + ".mp4");
        VideoWriter writer(path, 64, height, h264_options(8, 25));
        const std::vector<std::vector<int>> colours{
            {200, 30, 40}, {20, 180, 60}, {30, 40, 220}, {255, 255, 255}, {0, 0, 0}};
        std::vector<torch::Tensor> frames;
        for (const auto &colour : colours)
            frames.push_back(at::tensor(colour).to(at::kByte).expand({height, 64, 3}).contiguous());
        for (const auto &frame : frames)
            writer.write(frame);
        writer.finish();
        const auto read = read_all(path);
        ASSERT_EQ(read.size(), frames.size());
        for (size_t n = 0; n < frames.size(); ++n) {
            const auto error = (read[n].to(at::kInt) - frames[n].to(at::kInt)).abs();
            EXPECT_LE(error.max().item<int>(), 4) << "frame " << n << ", " << height << " lines";
        }
    }
}

TEST(Video, ErrorsNameTheFileAndTheCause) {
    const TemporaryFolder folder;
    write_file(folder / "a.mp4", std::string(1000, 'x'));
    for (const std::string name : {"a.mp4", "absent.mp4"})
        try {
            VideoReader reader(folder / name);
            FAIL() << name << " was opened";
        } catch (const MediaError &error) {
            EXPECT_NE(std::string(error.what()).find(name + "': "), std::string::npos);
        }
    VideoWriterOptions options;
    options.codec = "no-such-codec";
    EXPECT_THROW(VideoWriter(folder / "b.mkv", 16, 16, options), MediaError);
    options = {};
    options.codec_options = {{"no-such-option", "1"}};
    EXPECT_THROW(VideoWriter(folder / "b.mkv", 16, 16, options), MediaError);
    VideoWriter writer(folder / "b.mkv", 16, 16);
    EXPECT_THROW(writer.write(at::zeros({16, 17, 3}, at::kByte)), MediaError);
}

} // namespace
} // namespace deblur
