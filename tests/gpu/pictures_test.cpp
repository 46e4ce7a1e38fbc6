// Frames through the GPU's pictures against the CPU's.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits>

#include <ATen/ATen.h>

#include "cuda/cuda_pictures.h"
#include "gpu/device_picture.h"
#include "gpu/gpu.h"
#include "torch/image_tensor.h"
#include "unit/picture/tensor_converter.h"
#include "unit/picture/picture.h"

namespace deblur {
namespace {

using test::Picture;

class Pictures : public test::OnGpu {
  protected:
    // What a correction makes of a picture, given in host memory.
    Picture corrected(const deblur_format &format, Picture picture, const torch::Tensor &correction,
                      float strength, bool is_finite = true) {
        correct(format, picture.frame_in_place(), correction, strength, is_finite);
        return picture;
    }

    // The same, given in a CUDA context's memory.
    Picture corrected_there(deblur_format format, CUcontext context, Picture picture,
                            const torch::Tensor &correction, float strength, bool in_place) {
        const test::DevicePicture source(format, picture, context),
            destination(format, picture, context);
        format.memory = DEBLUR_MEMORY_CUDA;
        format.cuda_context = context;
        correct(format, source.frame_into(in_place ? source : destination), correction, strength,
                true);
        (in_place ? source : destination).download(picture);
        return picture;
    }

    void correct(const deblur_format &format, deblur_frame frame, const torch::Tensor &correction,
                 float strength, bool is_finite) {
        const auto pictures = cuda::make_pictures(format, format.height, format.width, streams_);
        frame.strength = strength;
        pictures->read(frame);
        const auto on_gpu = to_image(correction.to(at::kCUDA));
        streams_->reading.synchronize();
        pictures->correct(frame, on_gpu);
        EXPECT_EQ(pictures->finish(), is_finite);
    }

    static CUcontext primary_context() {
        CUcontext context = nullptr;
        const auto &driver = cuda::Driver::instance();
        driver.check(driver.retain_primary(&context, 0),
                     "primary context"); // LibTorch keeps it, too
        return context;
    }
};

TEST_F(Pictures, ReadAsOnTheCpu) {
    for (const auto &layout : test::layouts())
        for (const auto &[width, height] : {std::pair{1, 1}, {37, 21}, {320, 180}}) {
            SCOPED_TRACE(layout + " " + std::to_string(width) + "x" + std::to_string(height));
            const auto format = test::make_format(layout, width, height);
            Picture picture(format);
            picture.fill_random(5);
            const auto pictures = cuda::make_pictures(format, height, width, streams_);
            const auto image = to_tensor(pictures->read(picture.frame_in_place())).to(at::kCPU);
            const auto expected = test::TensorConverter(format).read(picture.frame_in_place());
            EXPECT_LE((image - expected).abs().max().item<float>(), 4e-6);
        }
}

TEST_F(Pictures, CorrectWithinOneCodeOfTheCpu) {
    for (const auto &layout : test::layouts())
        for (const auto &[width, height] : {std::pair{1, 1}, {37, 21}, {320, 180}})
            for (const float strength : {1.0f, 0.3f}) {
                SCOPED_TRACE(layout + " " + std::to_string(width) + "x" + std::to_string(height));
                const auto format = test::make_format(layout, width, height);
                Picture picture(format);
                picture.fill_random(7);
                Picture expected = picture;
                const auto correction = at::randn({1, 3, height, width}) * 0.1;
                const Picture actual = corrected(format, picture, correction, strength);
                auto frame = expected.frame_in_place();
                frame.strength = strength;
                test::TensorConverter(format).correct(frame, correction);
                const bool is_float = format.sample_type == DEBLUR_SAMPLE_FLOAT;
                for (int c = 0; c < (format.model == DEBLUR_MODEL_GRAY ? 1 : 3); ++c)
                    for (int y = 0; y < expected.height(c); ++y)
                        for (int x = 0; x < expected.width(c); ++x)
                            ASSERT_NEAR(actual.get(c, x, y), expected.get(c, x, y),
                                        is_float ? 1e-3 : 1)
                                << "component " << c << " at " << x << "," << y;
            }
}

TEST_F(Pictures, NoCorrectionIsBitExact) {
    for (const auto &layout : test::layouts()) {
        SCOPED_TRACE(layout);
        const auto format = test::make_format(layout, 64, 9);
        Picture picture(format);
        picture.fill_random(1);
        const std::vector<int64_t> shape{1, 3, 9, 64};
        EXPECT_TRUE(corrected(format, picture, at::zeros(shape), 1) == picture);
        EXPECT_TRUE(corrected(format, picture, at::randn(shape), 0) == picture);
        const double inf = std::numeric_limits<double>::infinity();
        EXPECT_TRUE(corrected(format, picture, at::full(shape, inf), 1, false) == picture);
    }
}

TEST_F(Pictures, InGpuMemoryAsInHostMemory) {
    const test::CudaContext own;
    for (const auto &layout : test::layouts())
        for (const auto &[width, height] : {std::pair{1, 1}, {37, 21}, {320, 180}})
            for (const CUcontext context : {primary_context(), own.get()})
                for (const bool in_place : {true, false}) {
                    SCOPED_TRACE(layout + " " + std::to_string(width) + "x" +
                                 std::to_string(height));
                    const auto format = test::make_format(layout, width, height);
                    if (!cuda::is_for_kernels(format))
                        continue;
                    Picture picture(format);
                    picture.fill_random(9);
                    const auto correction = at::randn({1, 3, height, width}) * 0.1;
                    for (const float strength : {0.0f, 0.6f})
                        EXPECT_TRUE(corrected_there(format, context, picture, correction, strength,
                                                    in_place) ==
                                    corrected(format, picture, correction, strength));
                }
}

// Slots are used again while corrections are under way.
TEST_F(Pictures, ManyInFlight) {
    const auto format = test::make_format("nv12", 320, 180);
    const auto pictures = cuda::make_pictures(format, 180, 320, streams_);
    const auto correction = to_image(at::zeros({1, 3, 180, 320}, at::kCUDA));
    streams_->reading.synchronize();
    for (int i = 0; i < 100; ++i) {
        Picture a(format), b(format);
        a.fill_random(2 * i);
        b.fill_random(2 * i + 1);
        const Picture a_before = a, b_before = b;
        pictures->read(a.frame_in_place());
        pictures->read(b.frame_in_place());
        pictures->correct(a.frame_in_place(), correction);
        pictures->correct(b.frame_in_place(), correction);
        EXPECT_TRUE(pictures->finish());
        EXPECT_TRUE(pictures->finish());
        EXPECT_TRUE(a == a_before && b == b_before);
    }
}

} // namespace
} // namespace deblur
