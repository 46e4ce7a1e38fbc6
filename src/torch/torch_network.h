// Inference through the training modules.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "torch/tensor_network.h"
#include "torch/tensor_ops.h"

namespace deblur {

/// Steps a Network as training does: for every device and precision of LibTorch, for architectures without a graph, and
/// the reference for the implementations that are faster.
class TorchNetwork : public TensorNetwork {
  public:
    /// @param network whose parameters and compute type are those to work with
    /// @param ops     for what comes after a step: its gate()
    explicit TorchNetwork(NetworkPtr network, std::shared_ptr<const TensorOps> ops = std::make_shared<TensorOps>())
        : network_(std::move(network)), ops_(std::move(ops)) {}

    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override { state_.clear(); }
    torch::Tensor map() const override { return map_; }

  private:
    NetworkPtr network_;
    std::shared_ptr<const TensorOps> ops_;
    State state_;
    torch::Tensor map_;
};

} // namespace deblur
