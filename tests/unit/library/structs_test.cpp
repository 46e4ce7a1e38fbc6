// Structs that begin with their size: defaults, and callers of other versions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>

#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

TEST(Structs, Defaults) {
    deblur_options options;
    std::memset(&options, 0xff, sizeof options);
    deblur_default_options(&options);
    EXPECT_EQ(options.struct_size, sizeof options);
    EXPECT_EQ(options.model, nullptr);
    EXPECT_EQ(options.window, -1);
    EXPECT_EQ(options.precision, DEBLUR_PRECISION_AUTO);
    EXPECT_EQ(options.scene, 10);
    EXPECT_EQ(options.queue, 2);
    EXPECT_EQ(options.focus, 0);
    EXPECT_EQ(options.passes, 3);
    EXPECT_EQ(options.refine, 0);
    EXPECT_EQ(options.refiner, nullptr);
    EXPECT_EQ(options.memory, 0);

    deblur_format format;
    std::memset(&format, 0xff, sizeof format);
    deblur_default_format(&format);
    EXPECT_EQ(format.struct_size, sizeof format);
    EXPECT_EQ(format.width, 0);
    EXPECT_EQ(format.model, DEBLUR_MODEL_YUV);
    EXPECT_EQ(format.log2_chroma_h, 1);
    EXPECT_EQ(format.component[2].plane, 2);
    EXPECT_EQ(format.memory, DEBLUR_MEMORY_HOST);
    EXPECT_EQ(format.cuda_context, nullptr);
    EXPECT_EQ(format.cuda_stream, nullptr);
}

// A program compiled against an older, shorter struct.
TEST(Structs, AnOlderCallerIsNotOverrun) {
    deblur_options options;
    std::memset(&options, 0x55, sizeof options);
    const size_t size = offsetof(deblur_options, queue);
    deblur_default_options_sized(&options, size);
    EXPECT_EQ(options.struct_size, size);
    EXPECT_EQ(options.scene, 10);
    EXPECT_EQ(options.queue, 0x55555555);

    const test::Weights weights({"cnn", 0, true});
    const auto exact = test::exact_options(weights);
    std::memcpy(&options, &exact, size);
    options.struct_size = size;
    const auto format = test::make_format("yuv420p", 8, 8);
    deblur_context *context = nullptr;
    // queue is not looked at, or this would be out of its range.
    EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
    deblur_close(&context);
}

TEST(Structs, Version) {
    EXPECT_EQ(deblur_version() >> 16, unsigned{DEBLUR_VERSION_MAJOR});
}

} // namespace
} // namespace deblur
