// A network whose map says where its correction counts, and whether there is anything to compute.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "torch/tensor_network.h"

namespace deblur {

/// Network::perceive() before what computes the network's graph fast, where the gate is open. Where it is closed
/// everywhere, nothing is computed, and the next step begins a sequence: as in the module's own step().
class PerceivingNetwork : public TensorNetwork {
  public:
    /// @param network whose perceive() this calls, in the type to work with
    /// @param inner   computes its graph
    PerceivingNetwork(NetworkPtr network, std::unique_ptr<TensorNetwork> inner)
        : network_(std::move(network)), inner_(std::move(inner)) {}

    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override { inner_->reset(); }
    void wait() override { inner_->wait(); }
    torch::Tensor map() const override { return map_; }

  private:
    NetworkPtr network_;
    std::unique_ptr<TensorNetwork> inner_;
    torch::Tensor map_;
};

} // namespace deblur
