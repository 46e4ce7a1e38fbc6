// Streams through the library: they come to an end, and errors come out as the library words them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmark/throughput.h"

namespace deblur {
namespace {

ThroughputCase small_case() {
    return {"strcnn_dtb_fast", 64, 48, "cpu", "fp32", 1, 1};
}

std::string error_of(const ThroughputCase &what) {
    try {
        measure_throughput(what, 1);
    } catch (const std::runtime_error &error) {
        return error.what();
    }
    return "";
}

TEST(Throughput, OfOneStreamAndOfSeveral) {
    auto what = small_case();
    for (const int streams : {1, 3}) {
        what.streams = streams;
        EXPECT_GT(measure_throughput(what, 5), 0);
    }
}

TEST(Throughput, ErrorsAreTheLibrarys) {
    auto what = small_case();
    what.device = "tpu";
    EXPECT_THAT(error_of(what), testing::HasSubstr("'tpu'"));
    what = small_case();
    what.width = 63;
    EXPECT_THAT(error_of(what), testing::HasSubstr("even sizes"));
}

} // namespace
} // namespace deblur
