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

// FAKE_GPU is for the driver in tests/fakes: a name, or a number of an error.
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

    int open(const char *device, deblur_precision precision = DEBLUR_PRECISION_FP32,
             const deblur_format &format = test::make_format("yuv420p", 16, 16)) {
        auto options = test::exact_options(weights_);
        log_.attach(options);
        options.device = device;
        options.precision = precision;
        deblur_context *context = nullptr;
        const int status = deblur_open(&context, &options, &format);
        deblur_close(&context);
        return status;
    }

    int open_in_cuda(const char *device, void *cuda_context = nullptr) {
        auto format = test::make_format("yuv420p", 16, 16);
        format.memory = DEBLUR_MEMORY_CUDA;
        format.cuda_context = cuda_context;
        return open(device, DEBLUR_PRECISION_FP32, format);
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
    EXPECT_THAT(log_.at(DEBLUR_LOG_WARNING), ElementsAre(HasSubstr("is no shared object")));
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

TEST_F(Selection, FramesInCudaMemoryAreNotTheCpus) {
    EXPECT_EQ(open_in_cuda("cpu"), DEBLUR_INVALID_ARGUMENT);
    EXPECT_THAT(log_.error(), AllOf(HasSubstr("device cpu"), HasSubstr("CUDA memory"),
                                    HasSubstr("device=cuda"), HasSubstr("hwdownload")));
}

TEST_F(Selection, FramesInCudaMemoryTakeAutoToTheirGpu) {
    setenv("DEBLUR_ENGINE_CUDA", DEBLUR_HOST_ENGINE_FILE, 1);
    EXPECT_EQ(open_in_cuda("auto"), DEBLUR_OK);
    EXPECT_THAT(info(), testing::Contains("frames in CUDA memory, without a context"));
    EXPECT_EQ(open_in_cuda("cuda"), DEBLUR_OK);
}

TEST_F(Selection, FramesInCudaMemoryDoNotFallBack) {
    setenv("DEBLUR_FAIL", "open", 1);
    EXPECT_EQ(open_in_cuda("auto"), DEBLUR_NO_DEVICE);
    EXPECT_EQ(log_.error(), "the device has gone");
}

TEST_F(Selection, FramesInCudaMemoryNeedAGpu) {
    setenv("FAKE_GPU", "100", 1);
    EXPECT_EQ(open_in_cuda("auto"), DEBLUR_NO_DEVICE);
    EXPECT_THAT(log_.error(), AllOf(HasSubstr("'auto' is not available"),
                                    HasSubstr("error text 100"), HasSubstr("CUDA memory")));
}

TEST_F(Selection, TheEngineIsToldHowMuchMemoryMapsMayTake) {
    setenv("DEBLUR_ENGINE_CUDA", DEBLUR_HOST_ENGINE_FILE, 1);
    auto options = test::exact_options(weights_);
    log_.attach(options);
    options.device = "cuda";
    options.memory = 4096;
    const auto format = test::make_format("gray", 16, 16);
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
    deblur_close(&context);
    EXPECT_THAT(info(), testing::Contains("maps in 4294967296 bytes"));
}

TEST_F(Selection, FramesInCudaMemoryDoNotLieUpsideDown) {
    auto options = test::exact_options(weights_);
    log_.attach(options);
    options.device = "cuda";
    auto format = test::make_format("gray", 16, 16);
    format.memory = DEBLUR_MEMORY_CUDA;
    deblur_context *context = nullptr;
    ASSERT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
    test::Picture picture(format);
    auto frame = picture.frame_in_place();
    EXPECT_EQ(deblur_send(context, &frame), DEBLUR_OK);
    frame.src_stride[0] = -frame.src_stride[0];
    EXPECT_EQ(deblur_send(context, &frame), DEBLUR_INVALID_ARGUMENT);
    EXPECT_THAT(log_.error(), AllOf(HasSubstr("src_stride[0] is -"), HasSubstr("above 0")));
    deblur_close(&context);
}

// "auto" is the GPU of the frames' context, which the engine is told by number.
TEST_F(Selection, AutoIsTheGpuOfTheContext) {
    setenv("FAKE_GPU_COUNT", "3", 1);
    struct {
        int device;
    } third{2}; // as in cuda_driver.c
    EXPECT_EQ(open_in_cuda("auto", &third), DEBLUR_OK);
    EXPECT_THAT(log_.at(DEBLUR_LOG_DEBUG), ElementsAre("opened on cuda:2"));
    unsetenv("FAKE_GPU_COUNT");
}

} // namespace
} // namespace deblur
