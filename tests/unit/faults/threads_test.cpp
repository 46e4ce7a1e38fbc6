// Threads that the system does not give: an error that says so, and no wait for what does not come.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <cerrno>

#include <dlfcn.h>
#include <pthread.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace {

std::atomic<int> threads_left{-1}; // -1: as many as wanted

} // namespace

extern "C" int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                              void *(*routine)(void *), void *argument) noexcept {
    using Function = int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "pthread_create"));
    if (threads_left == 0)
        return EAGAIN;
    if (threads_left > 0)
        --threads_left;
    return real(thread, attributes, routine, argument);
}

namespace deblur {
namespace {

constexpr int kThreads = 2;

TEST(Threads, ThatCannotBeMadeAreAnError) {
    const test::Weights weights({"cnn", 1, true});
    auto options = test::exact_options(weights);
    options.threads = kThreads;
    const auto format = test::make_format("yuv420p", 24, 16);
    const auto clip = test::random_clip(format, 3);
    const auto expected = test::restore(options, format, clip);

    // Those that are tried, before and after the model is loaded, the one that loads it, and the stream's own.
    constexpr int kStarted = 2 * (2 * kThreads + 1) + 2;
    for (int n = 0; n < kStarted; ++n) {
        SCOPED_TRACE(n);
        test::Log log;
        log.attach(options);
        deblur_context *context = nullptr;
        threads_left = n;
        EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_FAILURE);
        threads_left = -1;
        EXPECT_EQ(context, nullptr);
        EXPECT_THAT(log.error(), testing::HasSubstr("Resource temporarily unavailable"));
        options.log = nullptr;
    }
    EXPECT_TRUE(test::restore(options, format, clip) == expected);
}

} // namespace
} // namespace deblur
