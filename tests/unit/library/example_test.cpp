// The usage example of deblur.h restores a clip.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "unit/library/stream.h"

extern "C" int run_example(int width, int height, int (*read_frame)(deblur_frame *),
                           void (*write_frame)(void *));

namespace deblur {
namespace {

constexpr int kLength = 5;

// What the example reads and writes; it has no cookie to know it by.
struct {
    std::vector<test::Picture> clip;
    size_t read = 0, written = 0;
} stream;

int read_frame(deblur_frame *frame) {
    if (stream.read == stream.clip.size())
        return 0;
    test::Picture &picture = stream.clip[stream.read++];
    const deblur_frame planes = picture.frame_in_place();
    for (int p = 0; p < 3; ++p) {
        frame->src[p] = planes.src[p];
        frame->dst[p] = planes.dst[p];
        frame->src_stride[p] = planes.src_stride[p];
        frame->dst_stride[p] = planes.dst_stride[p];
    }
    frame->opaque = &picture;
    return 1;
}

void write_frame(void *opaque) {
    EXPECT_EQ(opaque, &stream.clip[stream.written++]);
}

// The default of a model folder of its own, whose correction is visible.
TEST(Example, RestoresEveryFrame) {
    const test::Weights weights({"cnn", 1, true});
    const auto folder = testing::TempDir() + "example-models";
    std::filesystem::create_directories(folder);
    std::filesystem::copy_file(weights.path, folder + "/cnn",
                               std::filesystem::copy_options::overwrite_existing);
    std::ofstream(folder + "/index.json")
        << R"({"default": "cnn", "models": [{"name": "cnn", "window": 1, "file": "cnn", "description": ""}]})";
    setenv("DEBLUR_MODELS", folder.c_str(), 1);

    const auto format = test::make_format("yuv420p", 32, 24);
    const auto clip = test::random_clip(format, kLength);
    stream.clip = clip;
    EXPECT_EQ(run_example(32, 24, read_frame, write_frame), 0);
    EXPECT_EQ(stream.written, size_t{kLength});
    for (size_t n = 0; n < kLength; ++n)
        EXPECT_FALSE(stream.clip[n] == clip[n]) << n;
    unsetenv("DEBLUR_MODELS");
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace deblur
