// Memory that runs out at any moment: an error and nothing worse; what was handed out before is right.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

#include <dlfcn.h>
#include <sys/mman.h>

#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace {

// Counts allocations of all threads; the one that reaches zero fails, and with it perhaps all that follow.
std::atomic<long> until_failure{-1};
std::atomic<bool> fails_from_then_on{false};

bool fails() {
    const long left = until_failure.load(std::memory_order_relaxed);
    if (left < 0)
        return false;
    if (left == 0)
        return true;
    return until_failure.fetch_sub(1) == 1 && (fails_from_then_on || (until_failure = -1));
}

} // namespace

// Of the whole process: the library, the engine, LibTorch, oneDNN.
void *operator new(size_t size) {
    void *const memory = fails() ? nullptr : std::malloc(size ? size : 1);
    if (!memory)
        throw std::bad_alloc();
    return memory;
}
void *operator new(size_t size, const std::nothrow_t &) noexcept {
    return fails() ? nullptr : std::malloc(size ? size : 1);
}
void operator delete(void *memory) noexcept {
    std::free(memory);
}
void operator delete(void *memory, size_t) noexcept {
    std::free(memory);
}

extern "C" int posix_memalign(void **memory, size_t alignment, size_t size) noexcept {
    using Function = int (*)(void **, size_t, size_t);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "posix_memalign"));
    return fails() ? ENOMEM : real(memory, alignment, size);
}

// oneDNN's, for the code that it compiles.
extern "C" void *mmap(void *address, size_t size, int protection, int flags, int file,
                      off_t offset) noexcept {
    using Function = void *(*)(void *, size_t, int, int, int, off_t);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "mmap"));
    if (!fails())
        return real(address, size, protection, flags, file, offset);
    errno = ENOMEM;
    return MAP_FAILED;
}

namespace deblur {
namespace {

using test::Picture;
using test::Weights;

void count_message(void *count, deblur_log_level level, const char *) {
    if (level == DEBLUR_LOG_ERROR)
        ++*static_cast<std::atomic<int> *>(count);
}

class Allocation : public testing::TestWithParam<bool> {
  protected:
    // Sends the clip through a context as far as memory allows; returns how many pictures came back.
    size_t run(std::vector<Picture> &clip, deblur_options options) {
        std::atomic<int> messages{0};
        options.log = count_message;
        options.log_cookie = &messages;
        deblur_context *context = nullptr;
        int status = deblur_open(&context, &options, &format_);
        EXPECT_EQ(context != nullptr, status == DEBLUR_OK);
        size_t received = 0;
        for (size_t sent = 0; context && (status == DEBLUR_OK || status == DEBLUR_AGAIN); ++sent) {
            deblur_frame frame{};
            if (sent < clip.size())
                frame = clip[sent].frame_in_place();
            status = deblur_send(context, sent < clip.size() ? &frame : nullptr);
            void *done = nullptr;
            while (status == DEBLUR_OK && (status = deblur_receive(context, &done)) == DEBLUR_OK)
                ++received;
        }
        deblur_close(&context);
        const bool failed = status != DEBLUR_OK && status != DEBLUR_EOF;
        EXPECT_TRUE(!failed || status == DEBLUR_OUT_OF_MEMORY || status == DEBLUR_FAILURE)
            << status;
        EXPECT_TRUE(failed || received == clip.size());
        failures_ += failed;
        return received;
    }

    deblur_format format_ = test::make_format("yuv420p", 24, 16);
    int failures_ = 0;
};

TEST_P(Allocation, FailsAtAnyMoment) {
    const Weights weights({"strcnn_dtb_fast", 1, true});
    auto options = test::exact_options(weights);
    options.queue = 1;
    const auto clip = test::random_clip(format_, 4);
    // Once without a fault: the engine is loaded, and what it sets up once is there.
    const auto expected = test::restore(options, format_, clip);

    constexpr long kFar = 1L << 40;
    auto pictures = clip;
    until_failure = kFar;
    run(pictures, options);
    const long total = kFar - until_failure.exchange(-1);
    ASSERT_GT(total, 1000);
    ASSERT_TRUE(pictures == expected);

    fails_from_then_on = GetParam();
    for (long n = 1; n <= total; ++n) {
        SCOPED_TRACE("allocation " + std::to_string(n) + " of " + std::to_string(total));
        pictures = clip;
        until_failure = n;
        const size_t received = run(pictures, options);
        until_failure = -1;
        for (size_t i = 0; i < received; ++i)
            EXPECT_TRUE(pictures[i] == expected[i]) << "picture " << i;
    }
    // The order of two threads is not always the same, and some code does without what it asked for.
    EXPECT_GT(failures_, total / 2);
    // Nothing is left of all the failures.
    EXPECT_TRUE(test::restore(options, format_, clip) == expected);
}

INSTANTIATE_TEST_SUITE_P(Fault, Allocation, testing::Bool(), [](const auto &parameter) {
    return parameter.param ? "AndFromThenOn" : "Once";
});

} // namespace
} // namespace deblur
