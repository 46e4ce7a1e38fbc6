// A network's graph in LibTorch's operations, in two parts: what depends on the window alone, and what
// depends on the past.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "torch/tensor_ops.h"
#include "network/network.h"

namespace deblur {

/// What goes from one step to the next: the maps of Graph::kept, and whether there was no step yet.
struct RunnerMemory {
    std::vector<torch::Tensor> maps;
    torch::Tensor fresh; ///< float32 scalar on the device: 1 before the first step, then 0

    void reset(); ///< F_0 = 0, and h~_0 = h_0 through fresh
};

/// Immutable: sizes, memory and streams are the caller's.
///
/// In all of it, maps have the channels innermost; the channels that go into the first convolution and
/// come out of the last one are filled up to a multiple of 8, as tensor cores want them. The upsampling
/// and the convolution to three channels stay at the resolution below, as phases.
class GraphRunner {
  public:
    /// @param network whose parameters are copied
    /// @param ops     outlives this
    GraphRunner(const Network &network, at::Device device, at::ScalarType type,
                const TensorOps &ops);

    /// Zeros for the Window nodes, in their order; of frames of a padded size.
    std::vector<torch::Tensor> make_inputs(int64_t height, int64_t width) const;
    RunnerMemory make_memory(int64_t height, int64_t width) const;

    void pack(const std::vector<torch::Tensor> &frames, std::vector<torch::Tensor> &inputs) const;

    /// By number of node; undefined where a value is not needed any more.
    using Values = std::vector<torch::Tensor>;

    /// Computes what does not depend on the past.
    Values run_ahead(const std::vector<torch::Tensor> &inputs) const;

    struct Outcome {
        torch::Tensor head;              ///< the network's output, 1 x 3 x height x width, float32
        std::vector<torch::Tensor> kept; ///< the memory's next maps
    };

    /// Computes the rest.
    Outcome run_recurrent(Values ahead, const RunnerMemory &memory) const;

    /// Bytes of the maps that are alive at once in a step, at most.
    int64_t peak_bytes(int64_t height, int64_t width) const;

    int64_t halo() const { return halo_; } ///< receptive_halo()

    int64_t multiple() const { return multiple_; }
    int64_t window_factor(size_t input) const { return node(windows_[input]).factor; }
    int64_t memory_factor(size_t map) const { return factors_[graph_.kept[map]]; }

  private:
    const Graph::Node &node(Graph::Value value) const { return graph_.nodes[value]; }
    void prepare_layers(const Network &network);
    void prepare_order();
    void add_conv(const std::string &module, const torch::Tensor &weight, const torch::Tensor &bias,
                  int64_t stride, int64_t padding);
    void add_up_conv(const Graph::Node &up, const std::map<std::string, torch::Tensor> &parameters);
    torch::Tensor compute(Graph::Value value, const Values &values) const;
    torch::Tensor up_conv(const Graph::Node &up, const torch::Tensor &x) const;
    void release(size_t position, Values &values) const;

    Graph graph_;
    at::TensorOptions options_; // of maps
    const TensorOps &ops_;
    int64_t multiple_, frames_, halo_;
    std::map<std::string, ConvParameters> convs_; // by module; of UpConv, its two
    std::map<std::string, torch::Tensor> betas_;  // by module of Blend
    std::vector<Graph::Value> windows_;
    std::vector<int64_t> channels_, factors_;     // by value
    std::vector<Graph::Value> order_;             // first what runs ahead
    size_t ahead_ = 0;                            // how many do
    std::vector<size_t> last_use_;                // of a value, as a position in order_
};

} // namespace deblur
