// The order between the stream that frames are read on and those that compute.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <ATen/cuda/CUDAEvent.h>
#include <torch/types.h>

#include "cuda/streams.h"

namespace deblur::cuda {

/// What a network's step waits for, and what waits for it.
class Handover {
  public:
    explicit Handover(std::shared_ptr<const Streams> streams) : streams_(std::move(streams)) {}

    /// The frames that admit() takes are what is on streams->reading by now.
    void begin() { frames_are_ready_.record(streams_->reading); }

    /// What is put on a stream from now on may use these frames.
    void admit(const std::vector<torch::Tensor> &frames, const c10::cuda::CUDAStream &stream) {
        frames_are_ready_.block(stream);
        for (const auto &frame : frames)
            frame.record_stream(stream);
    }

    /// What is put on streams->reading from now on may use what is on streams->computing by now.
    void end() {
        is_computed_.record(streams_->computing);
        is_computed_.block(streams_->reading);
    }

  private:
    std::shared_ptr<const Streams> streams_;
    at::cuda::CUDAEvent frames_are_ready_, is_computed_;
};

} // namespace deblur::cuda
