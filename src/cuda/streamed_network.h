// A network that knows nothing of streams, on those of a restoration.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "cuda/handover.h"
#include "torch/tensor_network.h"

namespace deblur::cuda {

/// A network whose operations go to streams->computing: LibTorch's own, of architectures without a graph and of what is put
/// around a CudaNetwork, are neither captured nor in tiles. A CudaNetwork inside has its graphs, and runs ahead as it does alone.
class StreamedNetwork : public TensorNetwork {
  public:
    /// @param inner   on the streams' device
    /// @param streams the caller's current stream is streams->reading
    StreamedNetwork(std::unique_ptr<TensorNetwork> inner, std::shared_ptr<const Streams> streams);

    /// Correction and map are valid for what is put on streams->computing before the next step, or after wait().
    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override;
    torch::Tensor map() const override { return inner_->map(); }
    void wait() override { handover_.end(); }

  private:
    std::unique_ptr<TensorNetwork> inner_;
    std::shared_ptr<const Streams> streams_;
    Handover handover_;
};

} // namespace deblur::cuda
