// Exceptions as the C API reports them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "torch/failure.h"

namespace deblur {
namespace {

using testing::HasSubstr;

Failure failure_of(const std::function<void()> &body) {
    try {
        body();
    } catch (...) {
        return current_torch_failure();
    }
    return {DEBLUR_OK, ""};
}

TEST(Failure, KeepsStatusAndMessage) {
    const Failure failure = failure_of([] { throw Error(DEBLUR_NO_DEVICE, "device 'x'"); });
    EXPECT_EQ(failure.status, DEBLUR_NO_DEVICE);
    EXPECT_EQ(failure.message, "device 'x'");
}

TEST(Failure, OutOfMemoryApart) {
    EXPECT_EQ(failure_of([] { throw std::bad_alloc(); }).status, DEBLUR_OUT_OF_MEMORY);
    EXPECT_EQ(failure_of([] { at::empty({int64_t{1} << 50}); }).status, DEBLUR_OUT_OF_MEMORY);
}

TEST(Failure, LibTorchInOneLine) {
    const Failure failure = failure_of([] { at::add(at::zeros({1, 2}), at::zeros({3, 4, 5})); });
    EXPECT_EQ(failure.status, DEBLUR_FAILURE);
    EXPECT_THAT(failure.message, testing::AllOf(HasSubstr("size"), testing::Not(HasSubstr("\n"))));
}

TEST(Failure, AnythingElse) {
    EXPECT_EQ(failure_of([] { throw 42; }).status, DEBLUR_FAILURE);
    EXPECT_EQ(failure_of([] { throw std::runtime_error("why"); }).message, "why");
}

} // namespace
} // namespace deblur
