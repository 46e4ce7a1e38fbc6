// The rate from ffmpeg's reports, of programs that only pretend to be one; tests/filter has the real ones.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmark/ffmpeg_rate.h"

namespace deblur {
namespace {

using testing::HasSubstr;

TEST(SteadyRate, IsThatAfterTheStart) {
    SteadyRate rate(20);
    for (const auto &[seconds, frames] :
         {std::pair{1.0, 0}, {5.0, 20}, {6.0, 24}, {6.5, 26}, {8.0, 44}})
        rate.add(seconds, frames);
    EXPECT_DOUBLE_EQ(rate.frames_per_second(), 10);
}

// Where reports come more often than frames.
TEST(SteadyRate, TakesTimesOfNewFrames) {
    SteadyRate rate(1);
    for (const auto &[seconds, frames] : {std::pair{1.0, 2}, {2.0, 2}, {3.0, 3}, {4.0, 3}})
        rate.add(seconds, frames);
    EXPECT_DOUBLE_EQ(rate.frames_per_second(), 0.5);
}

TEST(SteadyRate, NeedsTwoTimes) {
    SteadyRate rate(3);
    EXPECT_THROW(rate.frames_per_second(), std::runtime_error);
    rate.add(1, 3);
    rate.add(2, 9);
    EXPECT_THROW(rate.frames_per_second(), std::runtime_error);
}

std::string error_of(const std::string &program) {
    try {
        measure_ffmpeg({program, "strcnn_dtb_fast", 64, 48, "cpu", "fp32", "host", 1}, 30);
    } catch (const std::runtime_error &error) {
        return error.what();
    }
    return "";
}

std::string script(const std::string &body) {
    std::string path = testing::TempDir() + "pretended-ffmpeg";
    std::ofstream(path) << "#!/bin/sh\n" << body;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
}

TEST(MeasureFfmpeg, ErrorsAreFfmpegs) {
    EXPECT_THAT(error_of("/nonexistent/ffmpeg"),
                HasSubstr("'/nonexistent/ffmpeg' cannot be run: No such file"));
    const auto failing =
        script("echo frame=1; echo progress=continue; echo \"[deblur] a=b is wrong\" >&2; exit 3");
    EXPECT_EQ(error_of(failing), "'" + failing + "' failed: [deblur] a=b is wrong");
    EXPECT_THAT(error_of(script("kill -9 $$")), HasSubstr("failed"));
}

// Its last report comes when everything is closed, and says nothing of the rate.
TEST(MeasureFfmpeg, LeavesOutTheEnd) {
    const auto once = script("printf 'frame=40\\nprogress=continue\\nframe=50\\nprogress=end\\n'");
    EXPECT_THAT(error_of(once), HasSubstr("takes more frames"));
    const auto twice = script("printf 'frame=40\\nprogress=continue\\n'; sleep 0.01\n"
                              "printf 'frame=50\\nprogress=continue\\n'");
    EXPECT_EQ(error_of(twice), "");
}

} // namespace
} // namespace deblur
