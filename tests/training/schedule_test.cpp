// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/schedule.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace deblur {
namespace {

RateSchedule schedule(const std::string &kind) {
    RateSchedule schedule;
    schedule.kind = kind;
    schedule.steps = 1100;
    schedule.warmup = 100;
    schedule.decay_steps = 500;
    return schedule;
}

TEST(RateSchedule, WarmsUpInAllKinds) {
    for (const char *kind : {"cosine", "constant"}) {
        EXPECT_NEAR(schedule(kind)(0), 0.01, 1e-9) << kind;
        EXPECT_NEAR(schedule(kind)(49), 0.5, 1e-9) << kind;
        EXPECT_NEAR(schedule(kind)(100), 1.0, 1e-9) << kind;
    }
}

TEST(RateSchedule, CosineEndsAtItsShare) {
    EXPECT_NEAR(schedule("cosine")(600), 0.51, 1e-9); // half way between 1 and 0.02
    EXPECT_NEAR(schedule("cosine")(1100), 0.02, 1e-9);
    EXPECT_NEAR(schedule("cosine")(5000), 0.02, 1e-9);
}

TEST(RateSchedule, ExponentialIsThePapers) {
    EXPECT_NEAR(schedule("exponential")(500), 0.96, 1e-9);
    EXPECT_NEAR(schedule("exponential")(1000), 0.96 * 0.96, 1e-9);
}

TEST(RateSchedule, UnknownKind) {
    EXPECT_THROW(schedule("linear")(0), std::invalid_argument);
}

TEST(Stages, BeginAtTheirShare) {
    const std::vector<Stage> stages{Stage(), parse_stage("0.5:13:2:96"),
                                    parse_stage("0.75:20:1:64")};
    EXPECT_EQ(stages[1].frames, 13);
    EXPECT_EQ(stages[1].batch, 2);
    EXPECT_EQ(stages[1].size, 96);
    EXPECT_EQ(stage_at(stages, 0, 100), 0u);
    EXPECT_EQ(stage_at(stages, 49, 100), 0u);
    EXPECT_EQ(stage_at(stages, 50, 100), 1u);
    EXPECT_EQ(stage_at(stages, 99, 100), 2u);
}

TEST(Stages, MalformedTextIsNamed) {
    for (const char *text : {"", "0.5", "0.5:13:2", "0.5:13:2:96:1", "1.5:13:2:96", "0.5:0:2:96",
                             "0.5:13:2:8", "a:b:c:d"})
        EXPECT_THROW(parse_stage(text), std::invalid_argument) << text;
}

} // namespace
} // namespace deblur
