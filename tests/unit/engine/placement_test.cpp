// Devices and precisions: what is chosen, and what is refused.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/backend.h"
#include "inference/cpu/features.h"

namespace deblur {
namespace {

using testing::HasSubstr;

TEST(Placement, PrecisionIsWhatWasAskedFor) {
    EXPECT_EQ(cpu_backend().place("cpu", DEBLUR_PRECISION_FP32).precision, Precision::Float32);
    EXPECT_EQ(cpu_backend().place("cpu", DEBLUR_PRECISION_AUTO).device, "cpu");
    EXPECT_EQ(cpu_backend().place("auto", DEBLUR_PRECISION_AUTO).device, "cpu");
}

TEST(Placement, NoHalfPrecisionOnTheCpu) {
    try {
        cpu_backend().place("cpu", DEBLUR_PRECISION_FP16);
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_INVALID_ARGUMENT);
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("fp16"), HasSubstr("auto, fp32")));
    }
}

TEST(Placement, Bf16WhereTheCpuComputesIt) {
    if (cpu::computes_bfloat16())
        EXPECT_EQ(cpu_backend().place("cpu", DEBLUR_PRECISION_BF16).precision, Precision::BFloat16);
    else
        EXPECT_THROW(cpu_backend().place("cpu", DEBLUR_PRECISION_BF16), Error);
}

// What a message offers is what is accepted.
TEST(Placement, MessagesOfferWhatThisCpuComputes) {
    try {
        cpu_backend().place("cpu", DEBLUR_PRECISION_FP16);
        FAIL();
    } catch (const Error &error) {
        const std::string message = error.what();
        EXPECT_EQ(message.find("bf16") != std::string::npos, cpu::computes_bfloat16()) << message;
        EXPECT_EQ(message.find("int8") != std::string::npos, cpu::computes_int8()) << message;
    }
}

TEST(Placement, Int8WhereTheCpuComputesIt) {
    if (cpu::computes_int8())
        EXPECT_EQ(cpu_backend().place("cpu", DEBLUR_PRECISION_INT8).precision, Precision::Int8);
    else
        EXPECT_THROW(cpu_backend().place("cpu", DEBLUR_PRECISION_INT8), Error);
}

TEST(Placement, TheCpuEngineHasNoGpu) {
    try {
        cpu_backend().place("cuda:99", DEBLUR_PRECISION_AUTO);
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_NO_DEVICE);
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("'cuda:99'"), HasSubstr("auto, cpu")));
    }
}

TEST(Placement, TheCpuEngineDoesNotReachCudaMemory) {
    deblur_format format{};
    format.memory = DEBLUR_MEMORY_CUDA;
    try {
        cpu_backend().make_stream(nullptr, {}, "cpu", format, nullptr);
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_INVALID_ARGUMENT);
        EXPECT_THAT(error.what(), HasSubstr("CUDA memory"));
    }
}

} // namespace
} // namespace deblur
