// A network as one would first write it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "torch/tensor_network.h"
#include "network/parameters.h"

namespace deblur {

/// The graph, node by node, in LibTorch's own operations: float32, eager, NCHW, a real transposed
/// convolution, where the network is. What the fast implementations are compared with, in speed; and a third way
/// to the same results.
class PlainNetwork : public TensorNetwork {
  public:
    /// @throws std::invalid_argument for an architecture without a graph
    explicit PlainNetwork(const Network &network);

    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override { state_.clear(); }

  private:
    torch::Tensor compute(const Graph::Node &node, const std::vector<torch::Tensor> &values,
                          const torch::Tensor &window) const;
    torch::Tensor conv(const std::string &module, const torch::Tensor &x, int64_t stride = 1) const;

    Graph graph_;
    TensorMap parameters_;
    NetworkConfig config_;
    int64_t multiple_;
    State state_;
};

} // namespace deblur
