// The library on a GPU, through its C API, against the network stepped plainly on the CPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <thread>

#include <gmock/gmock.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "cuda/cuda_backend.h"
#include "gpu/device_picture.h"
#include "gpu/gpu.h"
#include "torch/composition.h"
#include "torch/torch_network.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "unit/picture/tensor_converter.h"
#include "torch/network_file.h"
#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Picture;
using test::Weights;
using testing::Contains;
using testing::HasSubstr;

class Library : public test::OnGpu {
  protected:
    // Frames read, stepped and corrected one after the other, in float32, with the extras of the settings; or the maps in their place.
    std::vector<Picture> restored_plainly(const Weights &weights, const deblur_format &format,
                                          std::vector<Picture> clip, const TensorSettings &extras = {}, bool mask = false) {
        const at::NoGradGuard no_grad;
        const test::TensorConverter converter(format);
        std::vector<torch::Tensor> images;
        for (auto &picture : clip)
            images.push_back(converter.read(picture.frame_in_place()));
        const auto network = with_extras(std::make_unique<TorchNetwork>(weights.network), extras);
        const int m = weights.network->config().window, last = static_cast<int>(clip.size()) - 1;
        for (int n = 0; n <= last; ++n) {
            std::vector<torch::Tensor> window;
            for (int i = n - m; i <= n + m; ++i)
                window.push_back(images[static_cast<size_t>(std::clamp(i, 0, last))]);
            const auto correction = network->step(window);
            const auto frame = clip[static_cast<size_t>(n)].frame_in_place();
            mask ? converter.show(frame, network->map()) : converter.correct(frame, correction);
        }
        return clip;
    }

    void expect_within(const deblur_format &format, const std::vector<Picture> &actual,
                       const std::vector<Picture> &expected, double codes) {
        for (size_t n = 0; n < expected.size(); ++n)
            for (int c = 0; c < (format.model == DEBLUR_MODEL_GRAY ? 1 : 3); ++c)
                for (int y = 0; y < expected[n].height(c); ++y)
                    for (int x = 0; x < expected[n].width(c); ++x)
                        ASSERT_NEAR(actual[n].get(c, x, y), expected[n].get(c, x, y), codes)
                            << "frame " << n << " component " << c << " at " << x << "," << y;
    }
};

// The engine, asked directly: libdeblur does not even load it then.
TEST(WithoutGpu, TheEngineSaysSo) {
    if (c10::cuda::device_count() > 0)
        GTEST_SKIP() << "there is a CUDA GPU";
    for (const char *device : {"cuda", "cuda:1"})
        try {
            cuda::cuda_backend().place(device, DEBLUR_PRECISION_AUTO);
            ADD_FAILURE();
        } catch (const Error &error) {
            EXPECT_EQ(error.status(), DEBLUR_NO_DEVICE);
            EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("'" + std::string(device) + "'"),
                                                     HasSubstr("valid here are: auto, cpu")));
        }
}

TEST(WithoutGpu, TheLibrarySaysSo) {
    if (c10::cuda::device_count() > 0)
        GTEST_SKIP() << "there is a CUDA GPU";
    const Weights weights({"cnn", 1, true});
    const auto format = test::make_format("nv12", 64, 48);
    auto options = test::exact_options(weights);
    test::Log log;
    log.attach(options);
    options.device = "cuda";
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_NO_DEVICE);
    EXPECT_THAT(log.error(), HasSubstr("device 'cuda' is not available ("));
}

TEST_F(Library, Float32WithinOneCodeOfTheCpu) {
    for (const char *model : {"strcnn_dtb", "strcnn_dtb_fast"})
        for (const char *layout : {"nv12", "p010", "yuv420p", "yuv422p14", "rgb24", "gray"}) {
            SCOPED_TRACE(std::string(model) + " " + layout);
            const Weights weights({model, 1, true});
            const auto format = test::make_format(layout, 98, 54);
            const auto clip = test::random_clip(format, 6);
            auto options = test::exact_options(weights);
            options.device = "cuda";
            const int spare = std::max(format.component[0].depth - 8, 0);
            expect_within(format, test::restore(options, format, clip),
                          restored_plainly(weights, format, clip), 1 << spare);
        }
}

TEST_F(Library, MasksAndFocusAsOnTheCpu) {
    for (const auto &name : architectures()) {
        const Weights weights({name, 1, true});
        if (!weights.network->has_map())
            continue;
        weights.network->set_passes(0); // whose decisions could differ
        for (const char *layout : {"nv12", "yuv444p", "grayf32"})
            for (const bool mask : {true, false}) {
                SCOPED_TRACE(name + " " + layout + (mask ? ", mask" : ", focus"));
                const auto format = test::make_format(layout, 98, 54);
                const auto clip = test::random_clip(format, 4);
                auto options = test::exact_options(weights);
                options.device = "cuda";
                options.passes = 0;
                options.mask = mask;
                options.focus = mask ? 0 : 0.6f;
                TensorSettings extras;
                extras.focus = options.focus;
                const bool is_float = format.sample_type == DEBLUR_SAMPLE_FLOAT;
                expect_within(format, test::restore(options, format, clip),
                              restored_plainly(weights, format, clip, extras, mask), is_float ? 1e-3 : 1);
            }
    }
}

TEST_F(Library, RefinesAsOnTheCpu) {
    const Weights weights({"strcnn_dtb", 1, true}), refiner({"brmr", 1, true});
    const auto format = test::make_format("nv12", 240, 192);
    const auto clip = test::random_clip(format, 4);
    auto options = test::exact_options(weights);
    options.device = "cuda";
    options.refine = 2;
    options.refiner = refiner.path.c_str();
    TensorSettings extras;
    extras.refiner = refiner.network;
    extras.refine = options.refine;
    expect_within(format, test::restore(options, format, clip), restored_plainly(weights, format, clip, extras), 1);
}

// Frames that never leave the GPU, in the primary context and in one of the caller's own.
TEST_F(Library, FramesInGpuMemoryAsInHostMemory) {
    const Weights weights({"strcnn_dtb", 1, true});
    const test::CudaContext own;
    auto format = test::make_format("p010", 98, 54);
    auto options = test::exact_options(weights);
    options.device = "cuda";
    const auto clip = test::random_clip(format, 8);
    const auto expected = test::restore(options, format, clip);

    CUcontext primary = nullptr;
    const auto &driver = cuda::Driver::instance();
    driver.check(driver.retain_primary(&primary, 0), "primary context");
    options.device = "auto";
    format.memory = DEBLUR_MEMORY_CUDA;
    for (const CUcontext context : {primary, own.get()}) {
        format.cuda_context = context;
        auto restored = clip;
        std::vector<test::DevicePicture> frames;
        for (auto &picture : restored)
            frames.emplace_back(format, picture, context);
        deblur_context *deblur = nullptr;
        ASSERT_EQ(deblur_open(&deblur, &options, &format), DEBLUR_OK);
        size_t received = 0;
        for (size_t sent = 0; sent <= frames.size(); ++sent) {
            const deblur_frame frame = frames[std::min(sent, frames.size() - 1)].frame_in_place();
            ASSERT_EQ(deblur_send(deblur, sent < frames.size() ? &frame : nullptr), DEBLUR_OK);
            for (void *done = nullptr; deblur_receive(deblur, &done) == DEBLUR_OK; ++received)
                frames[received].download(restored[received]);
        }
        EXPECT_EQ(received, frames.size());
        deblur_close(&deblur);
        EXPECT_TRUE(restored == expected);
    }
    driver.release_primary(0);
}

TEST_F(Library, AutoTakesTheGpu) {
    const Weights weights({"cnn", 1, true});
    const auto format = test::make_format("nv12", 64, 48);
    auto options = test::exact_options(weights);
    test::Log log;
    log.attach(options);
    options.device = "auto";
    test::restore(options, format, test::random_clip(format, 3));
    EXPECT_THAT(log.at(DEBLUR_LOG_INFO), Contains(HasSubstr("device auto: cuda (")));
    EXPECT_THAT(log.at(DEBLUR_LOG_INFO), Contains(HasSubstr("of GPU memory")));
}

TEST_F(Library, AnotherSizeIsFollowed) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("nv12", 98, 54);
    auto options = test::exact_options(weights);
    options.device = "cuda";
    options.width = 48;
    options.height = 32;
    options.stats = 1;
    const auto clip = test::random_clip(format, 4);
    EXPECT_FALSE(test::restore(options, format, clip) == clip);
}

TEST_F(Library, OverflowLeavesThePictures) {
    const Weights weights({"strcnn_dtb", 1, true});
    {
        const at::NoGradGuard no_grad;
        auto parameters = named_parameters(*weights.network);
        parameters.at("reduce.weight").fill_(1e30);
        parameters.at("latent_head.weight").fill_(1e30);
        write_network_file(weights.path, config_to_metadata(weights.network->config()), parameters);
    }
    const auto format = test::make_format("nv12", 64, 48);
    auto options = test::exact_options(weights);
    test::Log log;
    log.attach(options);
    options.device = "cuda";
    const auto clip = test::random_clip(format, 5);
    EXPECT_TRUE(test::restore(options, format, clip) == clip);
    EXPECT_EQ(log.at(DEBLUR_LOG_WARNING).size(), 1u);
}

// Streams in one process, at the same time, do not disturb each other.
TEST_F(Library, ManyStreams) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("nv12", 160, 90);
    auto options = test::exact_options(weights);
    options.device = "cuda";
    const auto clip = test::random_clip(format, 20);
    const auto expected = test::restore(options, format, clip);
    std::vector<std::thread> threads;
    std::vector<std::vector<Picture>> results(4);
    for (auto &result : results)
        threads.emplace_back([&] { result = test::restore(options, format, clip); });
    for (auto &thread : threads)
        thread.join();
    for (const auto &result : results)
        EXPECT_TRUE(result == expected);
}

// A context that is closed while frames are on their way.
TEST_F(Library, ClosesAtAnyPoint) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("nv12", 320, 180);
    auto options = test::exact_options(weights);
    options.device = "cuda";
    for (int sent = 0; sent < 4; ++sent) {
        auto clip = test::random_clip(format, 4);
        deblur_context *context = nullptr;
        ASSERT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
        for (int n = 0; n < sent; ++n) {
            const auto frame = clip[static_cast<size_t>(n)].frame_in_place();
            deblur_send(context, &frame);
        }
        deblur_close(&context);
    }
}

} // namespace
} // namespace deblur
