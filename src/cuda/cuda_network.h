// Inference on an NVIDIA GPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>

#include "cuda/cuda_ops.h"
#include "cuda/handover.h"
#include "cuda/streams.h"
#include "torch/graph_network.h"

namespace deblur::cuda {

/// A GraphNetwork whose step is two captured CUDA graphs: what does not depend on the past runs on a
/// stream of its own, beside the rest of the step before. If capturing fails, or a frame takes tiles, the
/// operations are launched one by one.
class CudaNetwork : public GraphNetwork {
  public:
    using Log = std::function<void(const std::string &)>;

    /// @param streams    of the settings' device; the caller's current stream is streams->reading
    /// @param map_budget as GraphNetwork's
    /// @param log        told when capturing fails
    CudaNetwork(const Network &network, const TensorSettings &settings,
                std::shared_ptr<const Streams> streams, int64_t map_budget, const Log &log);

    /// Returns at once. The correction is made on streams->computing: valid for what is put on that stream
    /// before the next step, or after wait().
    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override;
    void wait() override;

    bool is_captured() const { return is_captured_; }

  private:
    // Two of them, so that one can be filled while the other is computed from.
    struct Slot {
        std::vector<torch::Tensor> inputs;
        GraphRunner::Values values; // outlive the graphs' use of them
        torch::Tensor head;
        at::cuda::CUDAGraph ahead, recurrent;
        at::cuda::CUDAEvent is_ahead_done, is_done;
    };

    void capture(const Log &log);
    void capture(Slot &slot);
    void warm_up();
    torch::Tensor step_eagerly(const std::vector<torch::Tensor> &window);

    static const CudaOps &ops();

    std::shared_ptr<const Streams> streams_;
    std::array<Slot, 2> slots_;
    size_t next_ = 0;
    bool is_captured_ = false;
    Handover handover_;
};

} // namespace deblur::cuda
