// Which engine is taken, on machines as different as environment variables and a made-up driver can make
// this one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <libdeblur/deblur.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Weights;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// FAKE_GPU is for the driver in driver.c: a name, or a number of an error.
class Selection : public testing::Test {
  protected:
    Selection() : weights_({"cnn", 1, true}) {
        setenv("DEBLUR_ENGINE_CUDA", DEBLUR_FAILING_ENGINE_FILE, 1);
        setenv("FAKE_GPU", "Fake 9000", 1);
    }
    ~Selection() override {
        for (const char *name : {"DEBLUR_ENGINE_CUDA", "FAKE_GPU", "DEBLUR_FAIL"})
            unsetenv(name);
    }

    int open(const char *device, deblur_precision precision = DEBLUR_PRECISION_FP32) {
        auto options = test::exact_options(weights_);
        log_.attach(options);
        options.device = device;
        options.precision = precision;
        const auto format = test::make_format("yuv420p", 16, 16);
        deblur_context *context = nullptr;
        const int status = deblur_open(&context, &options, &format);
        deblur_close(&context);
        return status;
    }

    std::vector<std::string> info() const { return log_.at(DEBLUR_LOG_INFO); }

    Weights weights_;
    test::Log log_;
};

TEST_F(Selection, AutoTakesTheGpu) {
    EXPECT_EQ(open("auto"), DEBLUR_OK);
    EXPECT_THAT(info(), ElementsAre("device auto: cuda (Fake 9000)"));
}

TEST_F(Selection, AutoWithoutAGpuIsTheCpu) {
    setenv("FAKE_GPU", "100", 1);
    EXPECT_EQ(open("auto"), DEBLUR_OK);
    EXPECT_THAT(info(), ElementsAre("device auto: cpu (the NVIDIA driver says: error text 100)",
                                    HasSubstr("on cpu in fp32")));
}

TEST_F(Selection, AutoWithoutTheEngineIsTheCpu) {
    setenv("DEBLUR_ENGINE_CUDA", "/nonexistent/engine-cuda.so", 1);
    EXPECT_EQ(open("auto"), DEBLUR_OK);
    EXPECT_THAT(info(), ElementsAre("device auto: cpu (no engine for CUDA is installed)",
                                    HasSubstr("on cpu in fp32")));
}

// The GPU is there, but its memory is full, its driver too old for the engine ...
TEST_F(Selection, AutoWithAGpuThatFailsIsTheCpu) {
    setenv("DEBLUR_FAIL", "open", 1);
    EXPECT_EQ(open("auto"), DEBLUR_OK);
    EXPECT_THAT(log_.at(DEBLUR_LOG_WARNING),
                ElementsAre("device auto: cpu (Fake 9000 cannot be used: the device has gone)"));
    EXPECT_THAT(info(), ElementsAre(HasSubstr("on cpu in fp32")));
    EXPECT_THAT(log_.at(DEBLUR_LOG_ERROR), IsEmpty());
}

TEST_F(Selection, AutoWithAnEngineThatDoesNotLoadIsTheCpu) {
    setenv("DEBLUR_ENGINE_CUDA", weights_.path.c_str(), 1);
    EXPECT_EQ(open("auto"), DEBLUR_OK);
    EXPECT_THAT(log_.at(DEBLUR_LOG_WARNING), ElementsAre(HasSubstr("cannot be loaded")));
    EXPECT_THAT(info(), ElementsAre(HasSubstr("on cpu in fp32")));
}

TEST_F(Selection, EightBitProductsAreTheCpus) {
    open("auto", DEBLUR_PRECISION_INT8); // some CPUs have none
    EXPECT_THAT(info(), testing::Contains("device auto: cpu (8-bit products are the CPU's)"));
}

TEST_F(Selection, CudaThatFailsIsAnError) {
    setenv("DEBLUR_FAIL", "open", 1);
    EXPECT_EQ(open("cuda"), DEBLUR_NO_DEVICE);
    EXPECT_EQ(log_.error(), "the device has gone");
}

TEST_F(Selection, CudaWithoutAGpuIsOneLine) {
    setenv("FAKE_GPU", "100", 1);
    EXPECT_EQ(open("cuda:1"), DEBLUR_NO_DEVICE);
    EXPECT_THAT(log_.error(), AllOf(HasSubstr("'cuda:1' is not available"),
                                    HasSubstr("error text 100"), HasSubstr("auto, cpu")));
}

TEST_F(Selection, CpuDoesNotLookAtTheGpu) {
    EXPECT_EQ(open("cpu"), DEBLUR_OK);
    EXPECT_THAT(info(), ElementsAre(HasSubstr("on cpu in fp32")));
}

} // namespace
} // namespace deblur
