// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/cuda_network.h"

#include <mutex>
#include <new>

#include <ATen/ATen.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <torch/version.h>

namespace deblur::cuda {

using c10::cuda::CUDAStreamGuard;
using torch::Tensor;

namespace {

// Runs body while the current stream is captured, and closes the capture whatever happens.
template <class Body>
void capture_graph(at::cuda::CUDAGraph &graph, at::cuda::MempoolId_t pool, const Body &body) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR > 0)
    // What other threads do with the GPU meanwhile is none of its business.
    graph.capture_begin(pool, cudaStreamCaptureModeThreadLocal);
#else
    graph.capture_begin(pool);
#endif
    try {
        body();
    } catch (...) {
        try {
            graph.capture_end();
        } catch (const c10::Error &) {
            // The first error is the one to report.
        }
        throw;
    }
    graph.capture_end();
}

} // namespace

const CudaOps &CudaNetwork::ops() {
    static const CudaOps ops;
    return ops;
}

CudaNetwork::CudaNetwork(const Network &network, const TensorSettings &settings,
                         std::shared_ptr<const Streams> streams, int64_t map_budget, const Log &log)
    : GraphNetwork(network, settings, ops(), map_budget), streams_(std::move(streams)), handover_(streams_) {
    // The buffers were filled on the caller's stream.
    streams_->reading.synchronize();
    if (tiles() == 1)
        capture(log);
}

// cuDNN measures its algorithms, and libraries load their kernels: neither can be captured.
void CudaNetwork::warm_up() {
    const CUDAStreamGuard guard(streams_->computing);
    for (int i = 0; i < 2; ++i)
        compute();
    streams_->computing.synchronize();
    // Captured graphs take memory of their own.
    c10::cuda::CUDACachingAllocator::emptyCache();
}

void CudaNetwork::capture(const Log &log) {
    static std::mutex mutex; // one capture at a time in a process
    const std::lock_guard lock(mutex);
    const at::NoGradGuard no_grad;
    warm_up();
    try {
        for (auto &slot : slots_)
            capture(slot);
        is_captured_ = true;
    } catch (const c10::OutOfMemoryError &) {
        throw;
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const std::exception &error) {
        cudaGetLastError(); // forgotten
        const std::string what = error.what(); // in c10::Error, lines of a backtrace follow
        log("steps cannot be captured as CUDA graphs, so that small frames will be slower: " +
            what.substr(0, what.find('\n')));
    }
    CudaNetwork::reset();
}

void CudaNetwork::capture(Slot &slot) {
    // The two slots' graphs follow each other on a stream, and may share its memory.
    Slot &first = slots_[0];
    const bool is_first = &slot == &first;
    {
        const CUDAStreamGuard guard(streams_->ahead);
        slot.inputs = is_first ? inputs_ : runner_.make_inputs(height_, width_);
        streams_->ahead.synchronize();
        capture_graph(slot.ahead, is_first ? at::cuda::graph_pool_handle() : first.ahead.pool(),
                      [&] { slot.values = runner_.run_ahead(slot.inputs); });
    }
    const CUDAStreamGuard guard(streams_->computing);
    capture_graph(slot.recurrent, is_first ? at::cuda::graph_pool_handle() : first.recurrent.pool(),
                  [&] {
                      auto outcome = runner_.run_recurrent(slot.values, memory_);
                      slot.head = outcome.head;
                      keep(outcome.kept);
                  });
}

Tensor CudaNetwork::step(const std::vector<Tensor> &window) {
    handover_.begin();
    if (!is_captured_)
        return step_eagerly(window);
    Slot &slot = slots_[next_];
    next_ = 1 - next_;
    {
        const CUDAStreamGuard guard(streams_->ahead);
        handover_.admit(window, streams_->ahead);
        slot.is_done.block(streams_->ahead); // two steps ago
        runner_.pack(window, slot.inputs);
        slot.ahead.replay();
        slot.is_ahead_done.record(streams_->ahead);
    }
    const CUDAStreamGuard guard(streams_->computing);
    slot.is_ahead_done.block(streams_->computing);
    slot.recurrent.replay();
    slot.is_done.record(streams_->computing);
    window[centre_].record_stream(streams_->computing);
    return correction_of(slot.head, window);
}

Tensor CudaNetwork::step_eagerly(const std::vector<Tensor> &window) {
    const CUDAStreamGuard guard(streams_->computing);
    handover_.admit(window, streams_->computing);
    return GraphNetwork::step(window);
}

void CudaNetwork::reset() {
    const CUDAStreamGuard guard(streams_->computing);
    GraphNetwork::reset();
}

void CudaNetwork::wait() {
    handover_.end();
}

} // namespace deblur::cuda
