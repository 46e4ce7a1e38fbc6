// Loops that threads share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "inference/cpu/threads.h"

namespace deblur::cpu {
namespace {

TEST(Threads, EachCallIsMadeOnce) {
    for (const int threads : {1, 2, 5}) {
        const ThreadCount use(threads);
        for (const int count : {0, 1, 2, 3, 100})
            for (int round = 0; round < 50; ++round) {
                std::vector<std::atomic<int>> calls(static_cast<size_t>(count));
                parallel_for(count, [&](int i) { ++calls[static_cast<size_t>(i)]; });
                for (const auto &made : calls)
                    ASSERT_EQ(made, 1);
            }
    }
}

TEST(Threads, RangesCoverEverythingOnce) {
    for (const int threads : {1, 3}) {
        const ThreadCount use(threads);
        std::vector<std::atomic<int>> calls(50);
        parallel_ranges(7, 50, [&](int begin, int end) {
            for (int i = begin; i < end; ++i)
                ++calls[static_cast<size_t>(i)];
        });
        for (int i = 0; i < 50; ++i)
            EXPECT_EQ(calls[static_cast<size_t>(i)], i < 7 ? 0 : 1);
    }
}

// One that waits for the other is possible only if both have a thread.
TEST(Threads, TwoWorkAtOnce) {
    const ThreadCount use(2);
    std::atomic<int> arrived{0};
    parallel_for(2, [&](int) {
        ++arrived;
        while (arrived < 2)
            std::this_thread::yield();
    });
    EXPECT_EQ(arrived, 2);
}

TEST(Threads, NoMoreThreadsThanAskedFor) {
    const auto ids = [](int threads) {
        const ThreadCount use(threads);
        std::mutex mutex;
        std::set<std::thread::id> seen;
        parallel_for(1000, [&](int) {
            const std::lock_guard lock(mutex);
            seen.insert(std::this_thread::get_id());
        });
        return seen.size();
    };
    EXPECT_LE(ids(3), 3);
    EXPECT_EQ(ids(1), 1); // others are there, and have no part
}

TEST(Threads, AFailureComesOutAndTheNextLoopRuns) {
    const ThreadCount use(2);
    std::atomic<int> calls{0};
    EXPECT_THROW(parallel_for(10,
                              [&](int i) {
                                  ++calls;
                                  if (i == 3)
                                      throw std::runtime_error("three");
                              }),
                 std::runtime_error);
    calls = 0;
    parallel_for(10, [&](int) { ++calls; });
    EXPECT_EQ(calls, 10);
}

TEST(Threads, ALoopWithinALoopRunsAlone) {
    const ThreadCount use(2);
    std::atomic<int> calls{0};
    parallel_for(4, [&](int) { parallel_for(5, [&](int) { ++calls; }); });
    EXPECT_EQ(calls, 20);
}

TEST(Threads, ScratchMemoryIsAlignedAndGrows) {
    for (const size_t bytes : {1, 100, 100000}) {
        auto *memory = static_cast<char *>(scratch_memory(bytes));
        EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0u);
        memory[bytes - 1] = 1;
    }
}

} // namespace
} // namespace deblur::cpu
