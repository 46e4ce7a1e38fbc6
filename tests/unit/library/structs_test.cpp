// Structs that begin with their size: defaults, and callers of other versions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstring>

#include <gtest/gtest.h>

#include "base/sized.h"
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

    deblur_frame frame;
    std::memset(&frame, 0xff, sizeof frame);
    deblur_default_frame(&frame);
    EXPECT_EQ(frame.struct_size, sizeof frame);
    EXPECT_EQ(frame.src[3], nullptr);
    EXPECT_EQ(frame.dst_stride[3], 0);
    EXPECT_EQ(frame.strength, 1);
    EXPECT_EQ(frame.reset, 0);
    EXPECT_EQ(frame.opaque, nullptr);
}

// A struct of the API that has grown twice, and ends in the middle of a pointer in no release.
struct Grown {
    size_t struct_size;
    int first;
    const char *second;
    int third;
};

} // namespace

template <>
inline constexpr size_t kReleasedSizes<Grown>[] = {offsetof(Grown, second), offsetof(Grown, third),
                                                   sizeof(Grown)};

namespace {

constexpr Grown kDefaults{sizeof(Grown), 1, "second", 3};

TEST(Structs, OfOlderCallersAreCompleted) {
    Grown given{offsetof(Grown, second), 7, nullptr, 7};
    EXPECT_STREQ(adopt(&given, kDefaults, "grown").second, "second");
    EXPECT_EQ(adopt(&given, kDefaults, "grown").first, 7);
    given.struct_size = offsetof(Grown, third);
    EXPECT_EQ(adopt(&given, kDefaults, "grown").second, nullptr);
    EXPECT_EQ(adopt(&given, kDefaults, "grown").third, 3);
    EXPECT_EQ(adopt(&given, kDefaults, "grown").struct_size, sizeof(Grown));
}

TEST(Structs, OfSizesThatNoReleaseHadAreRefused) {
    for (size_t size = 0; size <= sizeof(Grown) + 8; ++size) {
        const Grown given{size, 7, nullptr, 7};
        if (size == offsetof(Grown, second) || size == offsetof(Grown, third) ||
            size == sizeof(Grown))
            EXPECT_NO_THROW(adopt(&given, kDefaults, "grown"));
        else
            EXPECT_THROW(adopt(&given, kDefaults, "grown"), Error) << size;
    }
    for (size_t size = 0; size < sizeof(deblur_options) + 16; ++size) {
        if (size == sizeof(deblur_options))
            continue;
        deblur_options options;
        deblur_default_options(&options);
        options.struct_size = size;
        options.model = options.weights = reinterpret_cast<const char *>(1); // not looked at
        const auto format = test::make_format("yuv420p", 8, 8);
        deblur_context *context = nullptr;
        EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_INVALID_ARGUMENT) << size;
    }
}

TEST(Structs, OlderCallersAreNotOverrun) {
    Grown handed;
    std::memset(&handed, 0x55, sizeof handed);
    hand_out(kDefaults, &handed, offsetof(Grown, third) + 1);
    EXPECT_EQ(handed.struct_size, offsetof(Grown, third));
    EXPECT_STREQ(handed.second, "second");
    EXPECT_EQ(handed.third, 0x55555555);
    hand_out(kDefaults, &handed, sizeof(Grown) + 100);
    EXPECT_EQ(handed.struct_size, sizeof(Grown));
    handed.first = 8;
    hand_out(kDefaults, &handed, sizeof(size_t));
    EXPECT_EQ(handed.struct_size, 0u);
    EXPECT_EQ(handed.first, 8);
}

TEST(Structs, Version) {
    EXPECT_EQ(deblur_version() >> 16, unsigned{DEBLUR_VERSION_MAJOR});
}

} // namespace
} // namespace deblur
