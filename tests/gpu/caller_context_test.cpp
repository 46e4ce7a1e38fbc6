// Whose frames are where, asked of a made-up driver: this runs without a GPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "cuda/caller_context.h"
#include "fakes/cuda_driver.h"
#include "gpu/device_picture.h"

namespace deblur {
namespace {

using cuda::CallerContext;
using test::CudaContext;
using test::DevicePicture;
using test::Picture;
using testing::AllOf;
using testing::HasSubstr;

class CallerContexts : public testing::Test {
  protected:
    CallerContexts() {
        setenv("FAKE_GPU", "Fake", 1);
        setenv("FAKE_GPU_COUNT", "2", 1);
    }
    // Nothing is left, and no context is the thread's.
    ~CallerContexts() override {
        const fake_cuda seen = fake_cuda_seen();
        EXPECT_EQ(seen.contexts, 0);
        EXPECT_EQ(seen.events, 0);
        EXPECT_EQ(seen.live, 0);
        EXPECT_EQ(seen.pushed, 0);
    }

    static deblur_format format_in(CUcontext context, const char *layout = "nv12") {
        auto format = test::make_format(layout, 37, 21);
        format.memory = DEBLUR_MEMORY_CUDA;
        format.cuda_context = context;
        return format;
    }
};

TEST_F(CallerContexts, NoneIsThePrimaryOne) {
    EXPECT_TRUE(CallerContext(format_in(nullptr), 0).is_ours());
    EXPECT_TRUE(CallerContext(format_in(nullptr), 1).is_ours());
}

TEST_F(CallerContexts, ThePrimaryOneIsRecognised) {
    CUcontext primary = nullptr;
    const auto &driver = cuda::Driver::instance();
    driver.retain_primary(&primary, 1);
    EXPECT_TRUE(CallerContext(format_in(primary), 1).is_ours());
    driver.release_primary(1);
}

TEST_F(CallerContexts, AnotherIsNot) {
    const CudaContext own;
    EXPECT_FALSE(CallerContext(format_in(own.get()), 0).is_ours());
}

TEST_F(CallerContexts, FramesOfAnotherGpuAreRefused) {
    const CudaContext own(1);
    try {
        const CallerContext caller(format_in(own.get()), 0);
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_NO_DEVICE);
        EXPECT_THAT(error.what(), AllOf(HasSubstr("memory of cuda:1"), HasSubstr("'cuda:0'"),
                                        HasSubstr("device=cuda:1")));
    }
}

// The driver wants events recorded in the context that they were made in.
TEST_F(CallerContexts, WhatTheCallerHasQueuedIsWaitedFor) {
    const CudaContext own;
    for (const CUcontext context : {CUcontext{nullptr}, own.get()}) {
        const CallerContext caller(format_in(context), 0);
        const fake_cuda before = fake_cuda_seen();
        caller.hold_back(nullptr);
        caller.hold_back(nullptr);
        EXPECT_EQ(fake_cuda_seen().records, before.records + 2);
        EXPECT_EQ(fake_cuda_seen().waits, before.waits + 2);
    }
}

TEST_F(CallerContexts, CopiesThereAndBackAreExact) {
    const CudaContext own, another;
    for (const auto &layout : test::layouts()) {
        const auto format = format_in(own.get(), layout.c_str());
        if (!cuda::is_for_kernels(format))
            continue;
        SCOPED_TRACE(layout);
        Picture picture(format), empty(format), result(format);
        picture.fill_random(3);
        const DevicePicture theirs(format, picture, own.get());
        const DevicePicture back(format, empty, own.get());
        const CallerContext caller(format, 0);
        const auto sizes = cuda::plane_sizes(cuda::picture_layout(format));
        const cuda::PlaneBlock block(sizes);
        std::vector<uint8_t> memory(block.bytes());
        const auto ours = block.planes_at(memory.data());
        caller.copy_from_caller(sizes, cuda::source_planes(theirs.frame_in_place()), ours, nullptr);
        caller.copy_to_caller(sizes, ours, cuda::destination_planes(back.frame_in_place()),
                              nullptr);
        result = picture;
        for (int c = 0; c < (format.model == DEBLUR_MODEL_GRAY ? 1 : 3); ++c)
            result.set(c, 0, 0, 0); // or nothing could be seen to come back
        back.download(result);
        EXPECT_TRUE(result == picture);
    }
}

// The strides of a picture of one row may be anything.
TEST_F(CallerContexts, OneRow) {
    const CudaContext own;
    auto format = test::make_format("gray", 64, 1);
    format.memory = DEBLUR_MEMORY_CUDA;
    format.cuda_context = own.get();
    const CallerContext caller(format, 0);
    const auto sizes = cuda::plane_sizes(cuda::picture_layout(format));
    std::vector<uint8_t> from(64, 7), to(64);
    cuda::Planes theirs{}, ours{};
    theirs.data[0] = from.data();
    theirs.stride[0] = 1;
    ours.data[0] = to.data();
    ours.stride[0] = 64;
    caller.copy_from_caller(sizes, theirs, ours, nullptr);
    EXPECT_EQ(to, from);
}

} // namespace
} // namespace deblur
