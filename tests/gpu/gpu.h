// What the tests on a GPU share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include <ATen/Context.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>

#include "cuda/streams.h"

namespace deblur::test {

/// Skips its tests where there is no GPU. Where there is one, the current stream is that of reading, as in a
/// session's thread.
class OnGpu : public testing::Test {
  protected:
    void SetUp() override {
        if (c10::cuda::device_count() == 0)
            GTEST_SKIP() << "there is no CUDA GPU";
        at::globalContext().setAllowTF32CuDNN(false); // as cuda_backend.cpp does
        at::globalContext().setBenchmarkCuDNN(true);
        streams_ = std::make_shared<const cuda::Streams>(0);
        guard_ = std::make_unique<c10::cuda::CUDAStreamGuard>(streams_->reading);
    }

    std::shared_ptr<const cuda::Streams> streams_;

  private:
    std::unique_ptr<c10::cuda::CUDAStreamGuard> guard_;
};

} // namespace deblur::test
