// The plugin in VapourSynth's core: pictures as libdeblur makes them, in every order of requests.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeblur/deblur.h>

#include "vapoursynth/host.h"

namespace deblur::test {
namespace {

using testing::HasSubstr;

/// An untrained network with m = 1 and strong corrections.
void untrained(VSMap *arguments, const VSAPI *api) {
    api->mapSetData(arguments, "weights", DEBLUR_UNTRAINED_WEIGHTS, -1, dtUtf8, maReplace);
    api->mapSetFloat(arguments, "scene", 0, maReplace);
    api->mapSetInt(arguments, "threads", 1, maReplace);
}

/// The smallest shipped network, with few enough frames to warm up for seeks within a short clip.
void shipped(VSMap *arguments, const VSAPI *api) {
    api->mapSetInt(arguments, "warmup", 8, maReplace);
    api->mapSetData(arguments, "model", "strcnn_dtb_fast", -1, dtUtf8, maReplace);
    api->mapSetInt(arguments, "m", 1, maReplace);
    api->mapSetInt(arguments, "threads", 1, maReplace);
}

/// What libdeblur makes of a clip of planar samples, without VapourSynth; options as untrained().
std::vector<Samples> restore(std::vector<Samples> clip, const deblur_format &format,
                             int reset_at = -1) {
    deblur_options options;
    deblur_default_options(&options);
    options.weights = DEBLUR_UNTRAINED_WEIGHTS;
    options.scene = 0;
    options.threads = 1;
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
    const auto receive = [&] {
        void *opaque;
        while (deblur_receive(context, &opaque) == DEBLUR_OK) {
        }
    };
    for (size_t n = 0; n < clip.size(); ++n) {
        deblur_frame frame{};
        frame.struct_size = sizeof frame;
        frame.strength = 1;
        frame.reset = static_cast<int>(n) == reset_at;
        uint8_t *plane = clip[n].data();
        for (int p = 0; p < (format.model == DEBLUR_MODEL_GRAY ? 1 : 3); ++p) {
            const bool is_chroma = p && format.model == DEBLUR_MODEL_YUV;
            frame.src[p] = frame.dst[p] = plane;
            frame.src_stride[p] = frame.dst_stride[p] =
                format.component[p].step * (format.width >> (is_chroma ? format.log2_chroma_w : 0));
            plane +=
                frame.src_stride[p] * (format.height >> (is_chroma ? format.log2_chroma_h : 0));
        }
        EXPECT_EQ(deblur_send(context, &frame), DEBLUR_OK);
        receive();
    }
    EXPECT_EQ(deblur_send(context, nullptr), DEBLUR_OK);
    receive();
    deblur_close(&context);
    return clip;
}

deblur_format format_of(const VSVideoInfo &info) {
    deblur_format format;
    deblur_default_format(&format);
    format.width = info.width;
    format.height = info.height;
    format.model = info.format.colorFamily == cfRGB    ? DEBLUR_MODEL_RGB
                   : info.format.colorFamily == cfGray ? DEBLUR_MODEL_GRAY
                                                       : DEBLUR_MODEL_YUV;
    format.log2_chroma_w = info.format.subSamplingW;
    format.log2_chroma_h = info.format.subSamplingH;
    format.sample_type = info.format.sampleType ? DEBLUR_SAMPLE_FLOAT : DEBLUR_SAMPLE_INTEGER;
    for (int p = 0; p < 3; ++p)
        format.component[p] = {p, info.format.bytesPerSample, 0, 0, info.format.bitsPerSample};
    return format;
}

TEST(Filter, RestoresAsTheLibraryInEveryFormat) {
    Host host;
    for (const auto format :
         {pfGray8, pfGray16, pfGrayS, pfYUV420P8, pfYUV422P10, pfYUV411P8, pfYUV444P12, pfYUV420P16,
          pfYUV444PS, pfRGB24, pfRGB30, pfRGB48, pfRGBS}) {
        SCOPED_TRACE(format);
        ClipPlan plan;
        plan.format = format;
        plan.length = 4;
        const auto source = host.source(plan);
        const auto node = host.deblur(source, untrained);
        const auto pictures = host.samples(source, in_order(plan.length));
        const auto restored = host.samples(node, in_order(plan.length));
        EXPECT_EQ(restored, restore(pictures, format_of(*host.api()->getVideoInfo(node.get()))));
        EXPECT_NE(restored, pictures);
    }
}

TEST(Filter, ReadsColorAndScenesAndKeepsEveryProperty) {
    Host host;
    ClipPlan plan;
    plan.length = 6;
    plan.properties = [](int n, VSMap *properties, const VSAPI *api) {
        api->mapSetInt(properties, "_Matrix", 1, maReplace);
        api->mapSetInt(properties, "_Range", 1, maReplace);
        api->mapSetInt(properties, "_ChromaLocation", 1, maReplace);
        api->mapSetInt(properties, "_DurationNum", 1 + n, maReplace);
        api->mapSetInt(properties, "_DurationDen", 50, maReplace);
        api->mapSetInt(properties, "_SceneChangePrev", n == 3, maReplace);
        api->mapSetInt(properties, "_SceneChangeNext", n == 2, maReplace);
        api->mapSetData(properties, "Note", "text", -1, dtUtf8, maReplace);
    };
    const auto source = host.source(plan);
    const auto node = host.deblur(source, untrained);
    auto format = format_of(*host.api()->getVideoInfo(node.get()));
    format.matrix = DEBLUR_MATRIX_BT709;
    format.range = DEBLUR_RANGE_FULL;
    format.chroma_location = DEBLUR_CHROMA_CENTER;
    const auto pictures = host.samples(source, in_order(6));
    EXPECT_EQ(host.samples(node, in_order(6)), restore(pictures, format, 3));
    for (int n = 0; n < 6; ++n) {
        const auto frame = host.frame(node, n);
        const VSMap *properties = host.api()->getFramePropertiesRO(frame.get());
        EXPECT_EQ(host.api()->mapNumKeys(properties), 8);
        EXPECT_EQ(host.api()->mapGetInt(properties, "_DurationNum", 0, nullptr), 1 + n);
        EXPECT_EQ(host.api()->mapGetInt(properties, "_SceneChangePrev", 0, nullptr), n == 3);
        EXPECT_STREQ(host.api()->mapGetData(properties, "Note", 0, nullptr), "text");
    }
}

TEST(Filter, ReadsBothPropertiesOfRange) {
    Host host;
    const auto with = [&](const char *name, int value) {
        ClipPlan plan;
        plan.length = 2;
        plan.properties = [=](int, VSMap *properties, const VSAPI *api) {
            api->mapSetInt(properties, name, value, maReplace);
        };
        return host.samples(host.deblur(host.source(plan), untrained), in_order(2));
    };
    EXPECT_EQ(with("_Range", 1), with("_ColorRange", 0));
    EXPECT_EQ(with("_Range", 0), with("_ColorRange", 1));
    EXPECT_NE(with("_Range", 0), with("_Range", 1));
}

TEST(Filter, BeginsAnewWhereTheTagsChange) {
    Host host;
    ClipPlan plan;
    plan.length = 8;
    plan.properties = [](int n, VSMap *properties, const VSAPI *api) {
        api->mapSetInt(properties, "_Matrix", n < 4 ? 1 : 6, maReplace);
    };
    const auto source = host.source(plan);
    const auto node = host.deblur(source, untrained);
    const auto pictures = host.samples(source, in_order(8));
    auto format = format_of(*host.api()->getVideoInfo(node.get()));
    format.matrix = DEBLUR_MATRIX_BT709;
    auto expected = restore({pictures.begin(), pictures.begin() + 4}, format);
    format.matrix = DEBLUR_MATRIX_BT601;
    for (const auto &frame : restore({pictures.begin() + 4, pictures.end()}, format))
        expected.push_back(frame);
    EXPECT_EQ(host.samples(node, in_order(8)), expected);
}

/// Every second line of 8-bit 4:4:4 samples.
Samples field_of(const Samples &frame, int width, int parity) {
    Samples field;
    for (size_t row = parity; row < frame.size() / width; row += 2)
        field.insert(field.end(), frame.begin() + row * width, frame.begin() + (row + 1) * width);
    return field;
}

TEST(Filter, RestoresFieldsOfInterlacedFrames) {
    Host host;
    ClipPlan plan;
    plan.format = pfYUV444P8;
    plan.length = 5;
    plan.properties = [](int, VSMap *properties, const VSAPI *api) {
        api->mapSetInt(properties, "_FieldBased", 2, maReplace);
    };
    const auto source = host.source(plan);
    const auto pictures = host.samples(source, in_order(5));
    const auto restored = host.samples(host.deblur(source, untrained), in_order(5));
    auto format = format_of(*host.api()->getVideoInfo(source.get()));
    format.height /= 2;
    for (const int parity : {0, 1}) {
        std::vector<Samples> fields, expected;
        for (const auto &picture : pictures)
            fields.push_back(field_of(picture, plan.width, parity));
        for (const auto &frame : restored)
            expected.push_back(field_of(frame, plan.width, parity));
        format.field = parity ? DEBLUR_FIELD_BOTTOM : DEBLUR_FIELD_TOP;
        EXPECT_EQ(restore(fields, format), expected);
    }
    const auto as_frames = host.deblur(source, [](VSMap *arguments, const VSAPI *api) {
        untrained(arguments, api);
        api->mapSetData(arguments, "field", "frame", -1, dtUtf8, maReplace);
    });
    format = format_of(*host.api()->getVideoInfo(source.get()));
    EXPECT_EQ(host.samples(as_frames, in_order(5)), restore(pictures, format));
}

class Order : public testing::Test {
  protected:
    static constexpr int kLength = 60;

    Order() {
        plan_.length = kLength;
        const auto node = host_.deblur(host_.source(plan_), shipped);
        expected_ = host_.samples(node, in_order(kLength));
        // Forgotten, or every order would get these pictures from the host's cache.
        node_ = host_.deblur(host_.source(plan_), shipped);
    }

    void expect_close(const std::vector<int> &numbers) {
        const auto restored = host_.samples(node_, numbers);
        for (size_t i = 0; i < numbers.size(); ++i)
            EXPECT_GE(psnr(restored[i], expected_[numbers[i]]), 50) << "frame " << numbers[i];
    }

    Host host_;
    ClipPlan plan_;
    Host::Node node_;
    std::vector<Samples> expected_;
};

TEST_F(Order, CorrectionIsVisible) {
    const auto pictures = host_.samples(host_.source(plan_), {30});
    EXPECT_LT(psnr(pictures[0], expected_[30]), 40);
}

TEST_F(Order, SeeksGiveNearlyTheSame) {
    expect_close({40, 10, 41, 3, 59, 58, 0, 30});
}

TEST_F(Order, BackwardsGivesNearlyTheSame) {
    auto numbers = in_order(kLength);
    std::reverse(numbers.begin(), numbers.end());
    expect_close(numbers);
}

TEST_F(Order, InOrderAfterASeekToTheStartIsExact) {
    host_.samples(node_, {35});
    EXPECT_EQ(host_.samples(node_, in_order(kLength)), expected_);
}

TEST_F(Order, SkippingAFewFramesIsExact) {
    for (int n = 0; n < kLength; n += 5)
        EXPECT_EQ(host_.samples(node_, {n})[0], expected_[n]) << "frame " << n;
}

TEST_F(Order, EightThreadsAreExact) {
    Host host(8);
    plan_.jitter = true;
    const auto frames = host.frames(host.deblur(host.source(plan_), shipped), in_order(kLength));
    for (int n = 0; n < kLength; ++n)
        EXPECT_EQ(host.samples(frames[n]), expected_[n]) << "frame " << n;
}

TEST(Arguments, AreChecked) {
    Host host;
    const auto error_of = [&](VSPresetVideoFormat format, const Host::Arguments &arguments) {
        ClipPlan plan;
        plan.format = format;
        try {
            host.deblur(host.source(plan), arguments);
        } catch (const std::runtime_error &error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const auto with = [&](const char *name, const char *value) {
        return error_of(pfYUV420P8, [=](VSMap *arguments, const VSAPI *api) {
            api->mapSetData(arguments, name, value, -1, dtUtf8, maReplace);
        });
    };
    EXPECT_THAT(with("model", "sharpest"), HasSubstr("sharpest"));
    EXPECT_THAT(with("weights", "none.safetensors"), HasSubstr("none.safetensors"));
    EXPECT_THAT(with("resolution", "big"), HasSubstr("source or WIDTHxHEIGHT (got big)"));
    EXPECT_THAT(with("field", "both"), HasSubstr("auto, frame, fields (got both)"));
    EXPECT_THAT(error_of(pfYUV420P8,
                         [](VSMap *arguments, const VSAPI *api) {
                             api->mapSetFloat(arguments, "strength", 2, maReplace);
                         }),
                HasSubstr("strength must be 0 to 1 (got 2"));
    EXPECT_THAT(error_of(pfYUV420P8,
                         [](VSMap *arguments, const VSAPI *api) {
                             api->mapSetInt(arguments, "warmup", -1, maReplace);
                         }),
                HasSubstr("warmup must be 0 to 256 (got -1)"));
    EXPECT_THAT(error_of(pfGray32, untrained), HasSubstr("8 to 16 bits"));
}

TEST(Arguments, StrengthIsAShareOfTheCorrection) {
    Host host;
    const auto source = host.source({});
    const auto with = [&](double strength) {
        return host.samples(host.deblur(source,
                                        [=](VSMap *arguments, const VSAPI *api) {
                                            untrained(arguments, api);
                                            api->mapSetFloat(arguments, "strength", strength,
                                                             maReplace);
                                        }),
                            in_order(3));
    };
    EXPECT_EQ(with(0), host.samples(source, in_order(3)));
    EXPECT_NE(with(0.5), with(1));
}

} // namespace
} // namespace deblur::test
