// Send and receive: who waits for whom, and what comes in which order.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Picture;
using test::Weights;

class Protocol : public testing::Test {
  protected:
    void open(int m, int queue) {
        const Weights weights({"cnn", m, true});
        auto options = test::exact_options(weights);
        options.queue = queue;
        log_.attach(options);
        ASSERT_EQ(deblur_open(&context_, &options, &format_), DEBLUR_OK);
    }
    void TearDown() override { deblur_close(&context_); }

    int send() {
        auto frame = clip_[sent_].frame_in_place();
        frame.opaque = &clip_[sent_];
        const int status = deblur_send(context_, &frame);
        sent_ += status == DEBLUR_OK;
        return status;
    }
    int receive() {
        void *done = nullptr;
        const int status = deblur_receive(context_, &done);
        if (status == DEBLUR_OK) {
            EXPECT_EQ(done, &clip_[received_++]);
        }
        return status;
    }

    deblur_format format_ = test::make_format("yuv420p", 8, 8);
    std::vector<Picture> clip_ = test::random_clip(format_, 40);
    size_t sent_ = 0, received_ = 0;
    deblur_context *context_ = nullptr;
    test::Log log_;
};

TEST_F(Protocol, DelayIsM) {
    for (int m = 0; m <= 3; ++m) {
        open(m, 2);
        EXPECT_EQ(deblur_get_delay(context_), m);
        deblur_close(&context_);
    }
}

// Without a queue the delay is exactly m: frame n comes out when frame n + m has gone in.
TEST_F(Protocol, NoQueueIsTheLeastDelay) {
    for (const int m : {0, 1, 3}) {
        open(m, 0);
        sent_ = received_ = 0;
        for (int n = 0; n < 10; ++n) {
            EXPECT_EQ(send(), DEBLUR_OK);
            if (n >= m) {
                EXPECT_EQ(receive(), DEBLUR_OK);
            }
            EXPECT_EQ(receive(), DEBLUR_AGAIN);
        }
        EXPECT_EQ(deblur_send(context_, nullptr), DEBLUR_OK);
        for (int n = 0; n < m; ++n)
            EXPECT_EQ(receive(), DEBLUR_OK);
        EXPECT_EQ(receive(), DEBLUR_EOF);
        EXPECT_EQ(receive(), DEBLUR_EOF);
        EXPECT_EQ(received_, 10u);
        deblur_close(&context_);
    }
}

TEST_F(Protocol, TheQueueIsBounded) {
    open(1, 2);
    for (int n = 0; n < 4; ++n)
        EXPECT_EQ(send(), DEBLUR_OK);
    EXPECT_EQ(send(), DEBLUR_AGAIN);
    EXPECT_EQ(send(), DEBLUR_AGAIN);
    EXPECT_EQ(receive(), DEBLUR_OK);
    EXPECT_EQ(send(), DEBLUR_OK);
    EXPECT_EQ(deblur_send(context_, nullptr), DEBLUR_OK); // the end is always taken
    for (int n = 0; n < 4; ++n)
        EXPECT_EQ(receive(), DEBLUR_OK);
    EXPECT_EQ(receive(), DEBLUR_EOF);
}

TEST_F(Protocol, NothingAfterTheEnd) {
    open(1, 2);
    EXPECT_EQ(send(), DEBLUR_OK);
    EXPECT_EQ(deblur_send(context_, nullptr), DEBLUR_OK);
    EXPECT_EQ(send(), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_send(context_, nullptr), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(receive(), DEBLUR_OK);
    EXPECT_EQ(receive(), DEBLUR_EOF);
    EXPECT_EQ(log_.at(DEBLUR_LOG_ERROR).size(), 2u);
}

TEST_F(Protocol, NothingSentNothingReceived) {
    open(2, 2);
    EXPECT_EQ(receive(), DEBLUR_AGAIN);
    EXPECT_EQ(deblur_send(context_, nullptr), DEBLUR_OK);
    EXPECT_EQ(receive(), DEBLUR_EOF);
}

TEST_F(Protocol, ResultsTellMore) {
    const Weights weights({"cnn", 1, true});
    auto options = test::exact_options(weights);
    options.stats = 1;
    ASSERT_EQ(deblur_open(&context_, &options, &format_), DEBLUR_OK);
    for (int n = 0; n < 3; ++n) {
        auto frame = clip_[n].frame_in_place();
        frame.opaque = &clip_[n];
        frame.reset = n == 1;
        frame.strength = n == 2 ? 0 : 1;
        EXPECT_EQ(deblur_send(context_, &frame), DEBLUR_OK);
    }
    EXPECT_EQ(deblur_send(context_, nullptr), DEBLUR_OK);
    for (int n = 0; n < 3; ++n) {
        deblur_result result{};
        EXPECT_EQ(deblur_receive_result(context_, &result), DEBLUR_INVALID_ARGUMENT);
        result.struct_size = sizeof result;
        EXPECT_EQ(deblur_receive_result(context_, &result), DEBLUR_OK);
        EXPECT_EQ(result.struct_size, sizeof result);
        EXPECT_EQ(result.opaque, &clip_[n]);
        EXPECT_EQ(result.starts_sequence, n < 2);
        EXPECT_GT(result.milliseconds, 0);
        EXPECT_GT(result.sharpness_before, 0);
        EXPECT_EQ(result.sharpness_before == result.sharpness_after, n == 2);
    }
}

TEST_F(Protocol, CloseDropsWhatIsQueued) {
    for (int round = 0; round < 5; ++round) {
        open(1, 20);
        sent_ = received_ = 0;
        for (int n = 0; n < 15; ++n)
            EXPECT_EQ(send(), DEBLUR_OK);
        deblur_close(&context_);
        EXPECT_EQ(context_, nullptr);
    }
    deblur_close(&context_);
    deblur_close(nullptr);
}

TEST_F(Protocol, QueueSizeDoesNotChangeTheResult) {
    const Weights weights({"strcnn_dtb", 1, true});
    auto options = test::exact_options(weights);
    options.queue = 0;
    const std::vector<Picture> clip(clip_.begin(), clip_.begin() + 12);
    const auto direct = test::restore(options, format_, clip);
    for (const int queue : {2, 64}) {
        options.queue = queue;
        EXPECT_TRUE(test::restore(options, format_, clip) == direct);
    }
}

} // namespace
} // namespace deblur
