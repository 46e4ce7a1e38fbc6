// Devices and precisions: what is chosen, and what is refused.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <torch/cuda.h>

#include "base/error.h"
#include "engine/placement.h"
#include "inference/cpu/features.h"

namespace deblur {
namespace {

using testing::HasSubstr;

TEST(Placement, PrecisionIsWhatWasAskedFor) {
    EXPECT_EQ(resolve_placement("cpu", DEBLUR_PRECISION_FP32).type, at::kFloat);
    EXPECT_EQ(resolve_placement("cpu", DEBLUR_PRECISION_BF16).type, at::kBFloat16);
    EXPECT_TRUE(resolve_placement("cpu", DEBLUR_PRECISION_AUTO).device.is_cpu());
}

TEST(Placement, NoHalfPrecisionOnTheCpu) {
    try {
        resolve_placement("cpu", DEBLUR_PRECISION_FP16);
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_INVALID_ARGUMENT);
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("fp16"), HasSubstr("fp32, bf16")));
    }
}

TEST(Placement, Int8WhereTheCpuMultipliesIt) {
    if (cpu::multiplies_int8())
        EXPECT_EQ(resolve_placement("cpu", DEBLUR_PRECISION_INT8).type, at::kChar);
    else
        EXPECT_THROW(resolve_placement("cpu", DEBLUR_PRECISION_INT8), Error);
}

TEST(Placement, AMissingGpuIsNamed) {
    try {
        resolve_placement("cuda:99", DEBLUR_PRECISION_AUTO);
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_NO_DEVICE);
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("'cuda:99'"), HasSubstr("auto, cpu")));
    }
}

TEST(Placement, AutoFollowsTheMachine) {
    const bool gpu = torch::cuda::is_available();
    EXPECT_EQ(resolve_placement("auto", DEBLUR_PRECISION_FP32).device.is_cuda(), gpu);
    if (gpu)
        EXPECT_TRUE(resolve_placement("cuda", DEBLUR_PRECISION_FP16).device.is_cuda());
    else
        EXPECT_THROW(resolve_placement("cuda", DEBLUR_PRECISION_AUTO), Error);
}

} // namespace
} // namespace deblur
