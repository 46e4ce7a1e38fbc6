// The regression check: ratios against recorded ones.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmark/report.h"
#include "network/registry.h"

namespace deblur {
namespace {

using testing::HasSubstr;

Row row(double share, double speedup) {
    const Case what{"cnn", make_network({"cnn", 0, true}), 64, 48, "fp32", 1};
    return {what, {0.5, 1e9 * share, 1e9, 1e6, 1e8, speedup}};
}

std::string recorded(const std::vector<Row> &rows) {
    const std::string path = testing::TempDir() + "recorded.json";
    std::ofstream(path) << json_rows(rows);
    return path;
}

TEST(FallenBehind, ComparesRatios) {
    const auto path = recorded({row(0.8, 4)});
    EXPECT_THAT(fallen_behind({row(0.8, 4)}, path, 1), testing::IsEmpty());
    EXPECT_THAT(fallen_behind({row(0.6, 3)}, path, 0.7), testing::IsEmpty());
    EXPECT_THAT(fallen_behind({row(0.5, 4)}, path, 0.7),
                testing::ElementsAre(HasSubstr("peak_share of cnn 64x48 fp32")));
    EXPECT_THAT(fallen_behind({row(0.8, 2)}, path, 0.7),
                testing::ElementsAre(HasSubstr("speedup")));
}

// Seconds depend on the machine, and other cases on nothing that was recorded.
TEST(FallenBehind, IgnoresTheRest) {
    auto slower = row(0.8, 4);
    slower.result.seconds = 50;
    const auto path = recorded({row(0.8, 4)});
    EXPECT_THAT(fallen_behind({slower}, path, 0.7), testing::IsEmpty());
    auto other = row(0.1, 1);
    other.what.width = 65;
    EXPECT_THAT(fallen_behind({other}, path, 0.7), testing::IsEmpty());
}

TEST(FallenBehind, NamesABrokenFile) {
    EXPECT_THROW(fallen_behind({}, "/nonexistent.json", 0.7), std::runtime_error);
}

} // namespace
} // namespace deblur
