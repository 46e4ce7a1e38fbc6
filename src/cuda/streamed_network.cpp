// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/streamed_network.h"

#include <utility>

#include <c10/cuda/CUDAGuard.h>

namespace deblur::cuda {

using c10::cuda::CUDAStreamGuard;
using torch::Tensor;

StreamedNetwork::StreamedNetwork(std::unique_ptr<InferenceNetwork> inner, std::shared_ptr<const Streams> streams)
    : inner_(std::move(inner)), streams_(std::move(streams)) {
    // The parameters were copied on the caller's stream.
    streams_->reading.synchronize();
}

Tensor StreamedNetwork::step(const std::vector<Tensor> &window) {
    frames_are_ready_.record(streams_->reading);
    const CUDAStreamGuard guard(streams_->computing);
    frames_are_ready_.block(streams_->computing);
    for (const auto &frame : window)
        frame.record_stream(streams_->computing);
    return inner_->step(window);
}

void StreamedNetwork::reset() {
    const CUDAStreamGuard guard(streams_->computing);
    inner_->reset();
}

void StreamedNetwork::wait() {
    is_computed_.record(streams_->computing);
    is_computed_.block(streams_->reading);
}

} // namespace deblur::cuda
