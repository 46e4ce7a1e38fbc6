// The library's frames against the network's forward pass, written plainly: read by the reference,
// windows by index, one step after another, changes by the reference.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/padding.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "torch/tensor_pictures.h"
#include "torch/network_file.h"
#include "unit/library/stream.h"
#include "unit/network/uneven.h"
#include "unit/picture/reference.h"

namespace deblur {
namespace {

using test::exact_options;
using test::Picture;
using test::random_clip;
using test::Rgb;
using test::Weights;
using torch::Tensor;

Tensor to_tensor(const deblur_format &format, const Picture &picture) {
    const auto pixels = test::reference_read(format, picture);
    const auto image = at::from_blob(const_cast<Rgb *>(pixels.data()),
                                     {1, format.height, format.width, 3}, at::kDouble);
    return image.permute({0, 3, 1, 2}).to(at::kFloat).contiguous();
}

std::vector<Rgb> to_pixels(const Tensor &image) {
    const auto values = image.squeeze(0).permute({1, 2, 0}).to(at::kDouble).contiguous();
    const auto *const data = reinterpret_cast<const Rgb *>(values.data_ptr<double>());
    return {data, data + values.size(0) * values.size(1)};
}

// The corrections of one scene, one per frame.
std::vector<Tensor> corrections(Network &network, const std::vector<Tensor> &frames, float focus = 0) {
    const torch::NoGradGuard no_grad;
    const int m = network.config().window, last = static_cast<int>(frames.size()) - 1;
    std::vector<Tensor> result;
    State state;
    for (int n = 0; n <= last; ++n) {
        std::vector<Tensor> window;
        for (int i = n - m; i <= n + m; ++i)
            window.push_back(frames[std::min(std::max(i, 0), last)]);
        const auto padded = pad_to_multiple(at::cat(window, 1), network.size_multiple());
        auto step = network.step(padded, state);
        state = step.state;
        const auto correction = crop(step.correction, frames[n].size(2), frames[n].size(3));
        result.push_back(gated(correction, frames[n], network.config().gate));
        if (focus > 0)
            result.back() *= 1 - focus + focus * crop(step.map, frames[n].size(2), frames[n].size(3));
    }
    return result;
}

void expect_corrected(const deblur_format &format, const Picture &before, const Picture &after,
                      const Tensor &correction, float strength = 1) {
    const auto pixels = to_pixels(correction * strength);
    const bool is_float = format.sample_type == DEBLUR_SAMPLE_FLOAT;
    double largest = 0;
    test::for_each_sample(format, before, [&](int c, int x, int y) {
        const double change = test::reference_change(format, pixels, c, x, y);
        const double maximum = is_float ? 1 : std::pow(2.0, format.component[c].depth) - 1;
        const double sum = before.get(c, x, y) + change;
        const double exact = is_float ? sum : std::fmin(std::fmax(sum, 0), maximum);
        // Half a code for rounding (11 bits in the shorter floats); 1e-4 for the order of the
        // network's sums.
        ASSERT_LE(std::abs(after.get(c, x, y) - exact), (is_float ? 5e-4 : 0.5) + 1e-4 * maximum)
            << "component " << c << " at " << x << "," << y;
        largest = std::fmax(largest, std::abs(change));
    });
    if (strength > 0 && format.width > 8) {
        EXPECT_GT(largest, is_float ? 0.01 : 2); // or the test shows nothing
    }
}

void expect_restored(const deblur_format &format, const Weights &weights,
                     const deblur_options &options, int length) {
    const auto clip = random_clip(format, length);
    std::vector<Tensor> frames;
    for (const auto &picture : clip)
        frames.push_back(to_tensor(format, picture));
    const auto expected = corrections(*weights.network, frames, options.focus);
    const auto restored = test::restore(options, format, clip);
    for (int n = 0; n < length; ++n) {
        SCOPED_TRACE("frame " + std::to_string(n) + " of " + std::to_string(length));
        expect_corrected(format, clip[n], restored[n], expected[n]);
    }
}

TEST(Restoration, EveryArchitectureAndWindow) {
    for (const auto &architecture : architectures())
        for (int m = 0; m <= 3; ++m) {
            SCOPED_TRACE(architecture + " m " + std::to_string(m));
            const Weights weights({architecture, m, true});
            expect_restored(test::make_format("yuv420p", 26, 18), weights, exact_options(weights),
                            5);
        }
}

TEST(Restoration, EveryLength) {
    for (const int m : {1, 2}) {
        const Weights weights({"strcnn_dtb", m, true});
        for (const int length : {1, 2, m, 2 * m + 1, 30}) {
            SCOPED_TRACE("m " + std::to_string(m));
            expect_restored(test::make_format("yuv420p", 14, 10), weights, exact_options(weights),
                            length);
        }
    }
}

TEST(Restoration, EveryLayout) {
    const Weights weights({"strcnn_dtb", 1, true});
    for (const auto &layout : test::layouts()) {
        SCOPED_TRACE(layout);
        expect_restored(test::make_format(layout, 18, 13), weights, exact_options(weights), 3);
    }
}

TEST(Restoration, OddSizes) {
    const Weights weights({"strcnn_dtb", 1, true});
    for (const auto &[width, height] : {std::pair{1, 1}, {1, 7}, {3, 5}, {63, 47}}) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        expect_restored(test::make_format("yuv420p", width, height), weights,
                        exact_options(weights), 3);
    }
}

TEST(Restoration, WithoutResidual) {
    const Weights weights({"strcnn_dtb", 1, false});
    expect_restored(test::make_format("yuv444p", 20, 14), weights, exact_options(weights), 4);
}

TEST(Restoration, ThroughTheGateOfTheWeights) {
    const auto gate = test::lively_gate(2, 0.1);
    const Weights weights({"strcnn_dtb", 1, true, gate});
    expect_restored(test::make_format("yuv420p", 26, 18), weights, exact_options(weights), 4);
}

TEST(Restoration, FocusWeightsTheCorrectionByTheMap) {
    for (const auto &architecture : architectures()) {
        const Weights weights({architecture, 1, true});
        if (!weights.network->has_map())
            continue;
        for (const float focus : {0.6f, 1.0f}) {
            SCOPED_TRACE(architecture);
            auto options = exact_options(weights);
            options.focus = focus;
            expect_restored(test::make_format("yuv444p", 26, 18), weights, options, 3);
        }
    }
}

TEST(Restoration, EmptyStream) {
    const Weights weights({"cnn", 1, true});
    expect_restored(test::make_format("yuv420p", 16, 16), weights, exact_options(weights), 0);
}

TEST(Restoration, AtAnotherResolution) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("yuv420p", 50, 34);
    for (const auto &[width, height] : {std::pair{24, 16}, {25, 17}, {80, 60}}) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        auto options = exact_options(weights);
        options.width = width;
        options.height = height;
        const auto clip = random_clip(format, 3);
        std::vector<Tensor> frames;
        for (const auto &picture : clip)
            frames.push_back(resize(to_tensor(format, picture), height, width));
        const auto expected = corrections(*weights.network, frames);
        const auto restored = test::restore(options, format, clip);
        for (int n = 0; n < 3; ++n)
            expect_corrected(format, clip[n], restored[n], resize(expected[n], 34, 50));
    }
}

TEST(Restoration, StrengthScalesAndZeroTouchesNothing) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("yuv420p10", 24, 16);
    const auto clip = random_clip(format, 5);
    std::vector<Tensor> frames;
    for (const auto &picture : clip)
        frames.push_back(to_tensor(format, picture));
    // The state goes on through the frames that are left alone.
    const auto expected = corrections(*weights.network, frames);
    const auto restored =
        test::restore(exact_options(weights), format, clip, {{1}, {0}, {0.25f}, {0}, {1}});
    EXPECT_TRUE(restored[1] == clip[1]);
    EXPECT_TRUE(restored[3] == clip[3]);
    expect_corrected(format, clip[0], restored[0], expected[0]);
    expect_corrected(format, clip[2], restored[2], expected[2], 0.25f);
    expect_corrected(format, clip[4], restored[4], expected[4]);
}

// A clip in two parts restored as one stream equals the parts restored on their own.
void expect_two_streams(const deblur_options &options, const deblur_format &format,
                        const std::vector<Picture> &clip, size_t boundary,
                        const std::vector<test::FrameSettings> &settings) {
    const std::vector<Picture> head(clip.begin(), clip.begin() + boundary);
    const std::vector<Picture> tail(clip.begin() + boundary, clip.end());
    auto expected = test::restore(options, format, head);
    for (auto &picture : test::restore(options, format, tail))
        expected.push_back(std::move(picture));
    EXPECT_TRUE(test::restore(options, format, clip, settings) == expected);
}

TEST(Restoration, ResetIsAFreshStart) {
    for (const int m : {0, 1, 3}) {
        const Weights weights({"strcnn_dtb", m, true});
        const auto format = test::make_format("nv12", 22, 12);
        const auto clip = random_clip(format, 7);
        std::vector<test::FrameSettings> settings(7);
        settings[4].reset = true;
        expect_two_streams(exact_options(weights), format, clip, 4, settings);
        // And without the reset they differ, or the test shows nothing.
        EXPECT_FALSE(test::restore(exact_options(weights), format, clip) ==
                     test::restore(exact_options(weights), format, clip, settings));
    }
}

TEST(Restoration, SceneCutIsAFreshStart) {
    const Weights weights({"strcnn_dtb", 2, true});
    const auto format = test::make_format("yuv420p", 32, 24);
    std::vector<Picture> clip;
    for (int n = 0; n < 8; ++n) {
        Picture picture(format);
        test::for_each_sample(format, picture, [&](int c, int x, int y) {
            picture.set(c, x, y, c > 0 ? 128 : n < 5 ? 60 + x + n : 180 - y + n);
        });
        clip.push_back(picture);
    }
    auto options = exact_options(weights);
    options.scene = 10;
    expect_two_streams(options, format, clip, 5, {});
    auto off = options;
    off.scene = 0;
    EXPECT_FALSE(test::restore(off, format, clip) == test::restore(options, format, clip));
    clip.erase(clip.begin() + 6, clip.end()); // nothing comes that could tell a cut from a flash
    expect_two_streams(options, format, clip, 5, {});
}

// A network that overflows for all that is not black: such a frame stays as it was, and the state does not remember it.
TEST(Restoration, WhatIsNotFiniteIsLeftAndForgotten) {
    const Weights weights({"strcnn", 0, true});
    const torch::NoGradGuard no_grad;
    auto parameters = named_parameters(*weights.network);
    // In the last layer: rectifiers before it may turn what is not a number into zero, each machine in its own way.
    parameters.at("stem.weight") = parameters.at("stem.weight") * 1e10f;
    parameters.at("latent_head.weight") = at::full_like(parameters.at("latent_head.weight"), 1e38f);
    parameters.at("latent_head.bias") = at::full({3}, 0.2f);
    write_network_file(weights.path, config_to_metadata(weights.network->config()), parameters);
    const auto format = test::make_format("gbrp", 32, 24);
    std::vector<Picture> clip;
    for (const int value : {200, 0, 0, 200, 0}) {
        Picture picture(format);
        test::for_each_sample(format, picture, [&](int c, int x, int y) { picture.set(c, x, y, value); });
        clip.push_back(picture);
    }
    auto options = exact_options(weights);
    test::Log log;
    log.attach(options);
    const auto restored = test::restore(options, format, clip);
    const auto dark = test::restore(options, format, {clip[1], clip[2]});
    EXPECT_TRUE(restored[0] == clip[0]);
    EXPECT_TRUE(restored[3] == clip[3]);
    ASSERT_FALSE(dark[0] == clip[1]);
    EXPECT_TRUE(restored[1] == dark[0]);
    EXPECT_TRUE(restored[2] == dark[1]);
    EXPECT_TRUE(restored[4] == dark[0]);
    EXPECT_EQ(log.at(DEBLUR_LOG_WARNING).size(), 1);
}

TEST(Restoration, NegativeStrides) {
    const Weights weights({"strcnn_dtb", 0, true});
    const auto format = test::make_format("gray", 20, 11);
    const auto options = exact_options(weights);
    auto upright = random_clip(format, 1);
    Picture flipped(format);
    for (int y = 0; y < 11; ++y)
        for (int x = 0; x < 20; ++x)
            flipped.set(0, x, 10 - y, upright[0].get(0, x, y));
    const auto expected = test::restore(options, format, upright);

    deblur_context *context = nullptr;
    ASSERT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
    auto frame = flipped.frame_in_place();
    frame.src[0] = static_cast<const char *>(frame.src[0]) + 10 * frame.src_stride[0];
    frame.dst[0] = static_cast<char *>(frame.dst[0]) + 10 * frame.dst_stride[0];
    frame.src_stride[0] *= -1;
    frame.dst_stride[0] *= -1;
    void *done;
    EXPECT_EQ(deblur_send(context, &frame), DEBLUR_OK);
    EXPECT_EQ(deblur_send(context, nullptr), DEBLUR_OK);
    EXPECT_EQ(deblur_receive(context, &done), DEBLUR_OK);
    deblur_close(&context);
    for (int y = 0; y < 11; ++y)
        for (int x = 0; x < 20; ++x)
            EXPECT_EQ(flipped.get(0, x, 10 - y), expected[0].get(0, x, y));
}

// bf16 may differ by what bf16 resolves of the correction, not of the picture.
TEST(Restoration, Bf16StaysClose) {
    const Weights weights({"strcnn_dtb", 1, true});
    const auto format = test::make_format("yuv444p", 40, 24);
    const auto clip = random_clip(format, 12);
    auto options = exact_options(weights);
    const auto exact = test::restore(options, format, clip);
    options.precision = DEBLUR_PRECISION_BF16;
    deblur_context *probe = nullptr;
    if (deblur_open(&probe, &options, &format) == DEBLUR_INVALID_ARGUMENT)
        GTEST_SKIP() << "this CPU has no bf16";
    deblur_close(&probe);
    const auto rough = test::restore(options, format, clip);
    double largest_change = 0, largest_error = 0;
    for (size_t n = 0; n < clip.size(); ++n)
        test::for_each_sample(format, clip[n], [&](int c, int x, int y) {
            const double value = exact[n].get(c, x, y);
            largest_change = std::max(largest_change, std::abs(value - clip[n].get(c, x, y)));
            largest_error = std::max(largest_error, std::abs(value - rough[n].get(c, x, y)));
        });
    EXPECT_GT(largest_change, 10);
    EXPECT_LE(largest_error, 1 + largest_change / 10);
}

} // namespace
} // namespace deblur
