// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/training_log.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace deblur {
namespace {

std::string contents(const std::string &path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TrainReport report(int64_t step) {
    TrainReport report;
    report.step = step;
    report.seconds = 0.5 * static_cast<double>(step);
    report.loss = 0.1;
    return report;
}

TEST(TrainingLog, GoesOnWhereItStopped) {
    const TemporaryFolder folder;
    {
        TrainingLog log(folder.path(), {"synthetic", "real"});
        log.add(report(1));
        log.add(report(2), {0.25, -0.5});
    }
    TrainingLog log(folder.path(), {"synthetic", "real"});
    log.add(report(3));
    EXPECT_EQ(contents(folder / "log.csv"), "step,seconds,loss,gradient_norm,rate,synthetic,real\n"
                                            "1,0.5,0.100000,0.0000,0.00000,,\n"
                                            "2,1.0,0.100000,0.0000,0.00000,0.2500,-0.5000\n"
                                            "3,1.5,0.100000,0.0000,0.00000,,\n");
}

TEST(TrainingLog, DrawsLossAndGains) {
    const TemporaryFolder folder;
    TrainingLog log(folder.path(), {"real"});
    for (int64_t step = 1; step <= 4; ++step)
        log.add(report(step), {0.1 * static_cast<double>(step)});
    log.draw();
    const auto picture = contents(folder / "curve.svg");
    EXPECT_THAT(picture, testing::StartsWith("<svg xmlns"));
    EXPECT_THAT(picture, testing::HasSubstr(">real</text>"));
    size_t lines = 0;
    for (size_t at = 0; (at = picture.find("<polyline", at)) != std::string::npos; ++at)
        ++lines;
    EXPECT_EQ(lines, 2u);
}

} // namespace
} // namespace deblur
