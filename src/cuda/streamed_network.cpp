// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/streamed_network.h"

#include <utility>

#include <c10/cuda/CUDAGuard.h>

namespace deblur::cuda {

using c10::cuda::CUDAStreamGuard;
using torch::Tensor;

StreamedNetwork::StreamedNetwork(std::unique_ptr<TensorNetwork> inner, std::shared_ptr<const Streams> streams)
    : inner_(std::move(inner)), streams_(std::move(streams)), handover_(streams_) {
    // The parameters were copied on the caller's stream.
    streams_->reading.synchronize();
}

Tensor StreamedNetwork::step(const std::vector<Tensor> &window) {
    handover_.begin();
    const CUDAStreamGuard guard(streams_->computing);
    handover_.admit(window, streams_->computing);
    return inner_->step(window);
}

void StreamedNetwork::reset() {
    const CUDAStreamGuard guard(streams_->computing);
    inner_->reset();
}

} // namespace deblur::cuda
