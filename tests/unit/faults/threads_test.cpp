// Threads that the system does not give: an error that says so, and no wait for what does not come.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include <dlfcn.h>
#include <pthread.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace {

std::atomic<int> threads{0};          // of the process, but for the first
std::atomic<int> most_threads{10000}; // there may be

using Routine = void *(*)(void *);

void *run_counted(void *work) {
    const std::unique_ptr<std::pair<Routine, void *>> owned(static_cast<std::pair<Routine, void *> *>(work));
    void *const result = owned->first(owned->second);
    --threads;
    return result;
}

} // namespace

extern "C" int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, Routine routine,
                              void *argument) noexcept {
    using Function = int (*)(pthread_t *, const pthread_attr_t *, Routine, void *);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "pthread_create"));
    if (++threads > most_threads) {
        --threads;
        return EAGAIN;
    }
    auto *call = new (std::nothrow) std::pair(routine, argument); // allocations may be made to fail, too
    if (!call) {
        --threads;
        return EAGAIN;
    }
    return real(thread, attributes, run_counted, call);
}

namespace deblur {
namespace {

constexpr int kThreads = 2;
constexpr int kNeeded = 2 * kThreads + 1;

TEST(Threads, ThatCannotBeMadeAreAnError) {
    const test::Weights weights({"cnn", 1, true});
    auto options = test::exact_options(weights);
    options.threads = kThreads;
    const auto format = test::make_format("yuv420p", 24, 16);
    const auto clip = test::random_clip(format, 3);
    const auto expected = test::restore(options, format, clip);

    for (int n = 0; n < kNeeded; ++n) {
        SCOPED_TRACE(n);
        test::Log log;
        auto logging = options;
        log.attach(logging);
        deblur_context *context = nullptr;
        most_threads = threads + n;
        EXPECT_EQ(deblur_open(&context, &logging, &format), DEBLUR_FAILURE);
        EXPECT_EQ(context, nullptr);
        EXPECT_THAT(log.error(), testing::HasSubstr("allows " + std::to_string(n) + " more"));
    }
    most_threads = threads + kNeeded;
    EXPECT_TRUE(test::restore(options, format, clip) == expected);
    most_threads = 10000;
}

} // namespace
} // namespace deblur
