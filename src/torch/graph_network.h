// Inference through a network's graph, on any device, in tiles where a frame does not fit.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "torch/graph_runner.h"
#include "torch/tensor_network.h"
#include "inference/tiles.h"

namespace deblur {

/// A GraphRunner with the buffers of one stream. All of them exist from the start.
class GraphNetwork : public TensorNetwork {
  public:
    /// @param ops        outlives this
    /// @param map_budget bytes for the maps of a step; 0 for no limit. What tiles make is what whole frames
    ///                   make: the halo covers the step's receptive field, the state is kept for the whole frame.
    /// @throws std::runtime_error if not even small tiles fit
    GraphNetwork(const Network &network, const TensorSettings &settings, const TensorOps &ops,
                 int64_t map_budget = 0);

    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override { memory_.reset(); }

    size_t tiles() const { return tiles_.size(); }

    /// Bytes that a step takes at most, and those that are kept for the stream.
    int64_t peak_bytes() const;
    int64_t kept_bytes() const;

  protected:
    /// The step after pack(): from inputs_ and memory_ to output_ and the next memory_.
    void compute();
    void pack(const std::vector<torch::Tensor> &window) { runner_.pack(window, inputs_); }

    /// L_n - B_n, cropped and through the gate, of a whole frame's head.
    torch::Tensor correction_of(const torch::Tensor &head,
                                const std::vector<torch::Tensor> &window) const;
    void keep(const std::vector<torch::Tensor> &maps);

    TensorSettings settings_;
    const TensorOps &ops_;
    GraphRunner runner_;
    bool is_residual_;
    size_t centre_; ///< of a window
    Gate gate_;
    int64_t height_, width_; ///< padded
    std::vector<torch::Tensor> inputs_;
    RunnerMemory memory_;
    torch::Tensor head_; ///< 1 x 3 x height x width, float32

  private:
    void compute_tile(const Tile &tile);

    std::vector<Tile> tiles_;
    std::vector<torch::Tensor> next_; // maps of the next memory, where there are tiles
};

} // namespace deblur
