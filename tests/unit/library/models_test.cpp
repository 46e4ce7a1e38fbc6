// Models that contexts share, and contexts that go on after an end.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Picture;
using testing::HasSubstr;

// Sends the clip to its end, and receives all of it.
void run(deblur_context *context, std::vector<Picture> &clip) {
    void *done = nullptr;
    size_t received = 0;
    for (size_t n = 0; n <= clip.size(); ++n) {
        deblur_frame frame{};
        if (n < clip.size())
            frame = clip[n].frame_in_place();
        ASSERT_EQ(deblur_send(context, n < clip.size() ? &frame : nullptr), DEBLUR_OK);
        int status = DEBLUR_OK;
        while ((status = deblur_receive(context, &done)) == DEBLUR_OK)
            ++received;
        ASSERT_EQ(status, n < clip.size() ? DEBLUR_AGAIN : DEBLUR_EOF);
    }
    EXPECT_EQ(received, clip.size());
}

class Models : public testing::Test {
  protected:
    ~Models() override { deblur_model_close(&model_); }

    void open_model() { ASSERT_EQ(deblur_model_open(&model_, &options_, nullptr), DEBLUR_OK); }
    deblur_context *open_context() {
        deblur_context *context = nullptr;
        EXPECT_EQ(deblur_open_with_model(&context, model_, &options_, &format_), DEBLUR_OK);
        return context;
    }

    test::Weights weights_{{"strcnn_dtb_fast", 0, true}};
    deblur_options options_ = test::exact_options(weights_);
    deblur_format format_ = test::make_format("yuv420p", 32, 24);
    deblur_model *model_ = nullptr;
};

TEST_F(Models, AreReadOnceAndLiveAsLongAsTheirContexts) {
    const auto clip = test::random_clip(format_, 4);
    const auto expected = test::restore(options_, format_, clip);
    open_model();
    std::filesystem::remove(weights_.path);
    deblur_context *first = open_context(), *second = open_context();
    deblur_model_close(&model_);
    EXPECT_EQ(model_, nullptr);
    for (deblur_context *context : {first, second}) {
        auto pictures = clip;
        run(context, pictures);
        EXPECT_TRUE(pictures == expected);
        deblur_close(&context);
    }
}

TEST_F(Models, ContextsTakeNothingOfTheModelFromTheirOptions) {
    open_model();
    options_.weights = "/nonexistent";
    options_.model = "nonexistent";
    options_.device = "cuda:7";
    deblur_context *context = open_context();
    EXPECT_NE(context, nullptr);
    deblur_close(&context);
    options_.refine = 1;
    test::Log log;
    log.attach(options_);
    EXPECT_EQ(deblur_open_with_model(&context, model_, &options_, &format_),
              DEBLUR_INVALID_ARGUMENT);
    EXPECT_THAT(log.error(), HasSubstr("refine = 0"));
}

TEST_F(Models, ErrorsAreTold) {
    test::Log log;
    log.attach(options_);
    options_.weights = "/nonexistent";
    EXPECT_EQ(deblur_model_open(&model_, &options_, nullptr), DEBLUR_BAD_WEIGHTS);
    EXPECT_EQ(model_, nullptr);
    EXPECT_THAT(log.error(), HasSubstr("/nonexistent"));
    EXPECT_EQ(deblur_model_open(nullptr, &options_, nullptr), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_model_open(&model_, nullptr, nullptr), DEBLUR_INVALID_ARGUMENT);
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open_with_model(&context, nullptr, &options_, &format_),
              DEBLUR_INVALID_ARGUMENT);
    deblur_model_close(nullptr);
    deblur_model_close(&model_);
}

// m = 0: no frame has seen another that an end keeps from it.
TEST_F(Models, ARestartKeepsTheState) {
    const auto clip = test::random_clip(format_, 6);
    const auto expected = test::restore(options_, format_, clip);
    open_model();
    deblur_context *context = open_context();
    std::vector<Picture> first(clip.begin(), clip.begin() + 3),
        second(clip.begin() + 3, clip.end());
    run(context, first);
    EXPECT_EQ(deblur_restart(context, nullptr), DEBLUR_OK);
    run(context, second);
    deblur_close(&context);
    first.insert(first.end(), second.begin(), second.end());
    EXPECT_TRUE(first == expected);
}

TEST_F(Models, ARestartTakesAnotherColour) {
    const auto clip = test::random_clip(format_, 3);
    auto other = format_;
    other.matrix = DEBLUR_MATRIX_BT2020_NCL;
    other.range = DEBLUR_RANGE_FULL;
    const auto expected = test::restore(options_, other, clip);
    open_model();
    deblur_context *context = open_context();
    std::vector<Picture> nothing;
    run(context, nothing);
    EXPECT_EQ(deblur_restart(context, &other), DEBLUR_OK);
    auto pictures = clip;
    run(context, pictures);
    EXPECT_TRUE(pictures == expected);
    deblur_close(&context);
}

TEST_F(Models, ARestartIsRefusedBeforeTheEndAndForAnotherSize) {
    test::Log log;
    log.attach(options_);
    open_model();
    deblur_context *context = open_context();
    EXPECT_EQ(deblur_restart(context, nullptr), DEBLUR_INVALID_ARGUMENT);
    EXPECT_THAT(log.error(), HasSubstr("DEBLUR_EOF"));
    std::vector<Picture> nothing;
    run(context, nothing);
    auto larger = test::make_format("yuv420p", 64, 48);
    EXPECT_EQ(deblur_restart(context, &larger), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_restart(nullptr, nullptr), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_restart(context, nullptr), DEBLUR_OK);
    deblur_close(&context);
}

} // namespace
} // namespace deblur
