// Several contexts: at the same time, and one after the other.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Picture;
using test::Weights;

size_t thread_count() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return static_cast<size_t>(std::distance(begin(tasks), end(tasks)));
}

// A joined thread stays in /proc for a moment.
bool thread_count_falls_to(size_t count) {
    for (int tries = 0; tries < 1000; ++tries) {
        if (thread_count() <= count)
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

TEST(Contexts, TwoThreadsAtTheSameTime) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("yuv420p", 40, 30);
    const auto options = test::exact_options(weights);
    const auto first = test::random_clip(format, 10, 1), second = test::random_clip(format, 10, 2);
    const auto first_alone = test::restore(options, format, first);
    const auto second_alone = test::restore(options, format, second);

    std::vector<Picture> second_together;
    std::thread other([&] { second_together = test::restore(options, format, second); });
    const auto first_together = test::restore(options, format, first);
    other.join();
    EXPECT_TRUE(first_together == first_alone);
    EXPECT_TRUE(second_together == second_alone);
}

TEST(Contexts, OpenAndCloseLeaveNothingBehind) {
    const Weights weights({"cnn", 1, true});
    const auto format = test::make_format("yuv420p", 64, 48);
    auto options = test::exact_options(weights);
    options.threads = 2;
    const auto clip = test::random_clip(format, 3);
    const auto expected = test::restore(options, format, clip);
    const size_t before = thread_count();
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(test::restore(options, format, clip) == expected);
    EXPECT_TRUE(thread_count_falls_to(before))
        << thread_count() << " threads, " << before << " before";
}

TEST(Contexts, TellOnceWhatWasChosen) {
    const Weights weights({"strcnn", 2, true});
    const auto format = test::make_format("yuv420p", 40, 30);
    auto options = test::exact_options(weights);
    options.threads = 2;
    test::Log log;
    log.attach(options);
    test::restore(options, format, test::random_clip(format, 3));
    EXPECT_THAT(log.at(DEBLUR_LOG_INFO),
                testing::ElementsAre(testing::AllOf(
                    testing::HasSubstr("strcnn with m = 2"), testing::HasSubstr("cpu in fp32"),
                    testing::HasSubstr("40x30"), testing::HasSubstr("2 threads"))));
}

} // namespace
} // namespace deblur
