// Inference on the CPU through oneDNN.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "inference/cpu/gate.h"
#include "inference/cpu/pipeline.h"
#include "inference/cpu_tiles.h"
#include "inference/inference_network.h"

namespace deblur {

/// A network's graph as a pipeline over strips of rows, in float32 or bfloat16; of networks with a map, only the tiles that
/// count, where step_where() says so.
class CpuNetwork : public InferenceNetwork {
  public:
    /// @param network on the CPU, in float32; only read here
    /// @throws std::runtime_error if this CPU cannot compute it so (bfloat16 needs AVX-512)
    CpuNetwork(const Network &network, const InferenceSettings &settings,
               cpu::Blocking blocking = {});

    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    torch::Tensor step_where(const std::vector<torch::Tensor> &window, const torch::Tensor &counts) override;
    void reset() override { pipeline_.reset(); }
    size_t bytes() const { return pipeline_.bytes() + (tiles_ ? tiles_->bytes() : 0); } ///< of feature maps

  private:
    CpuNetwork(const Network &network, const InferenceSettings &settings, const cpu::Parameters &parameters,
               const cpu::PipelineOptions &options);
    torch::Tensor gated_correction(const torch::Tensor &frame);

    cpu::Pipeline pipeline_;
    std::unique_ptr<CpuTiles> tiles_;
    int64_t gate_halo_; ///< pixels around one on which its gate depends
    std::vector<const float *> frames_;
    torch::Tensor correction_;
    cpu::CorrectionGate gate_;
    int threads_;
};

/// The fastest way to these settings on this CPU, with what they ask for behind it.
///
/// @param network shared, not changed, on the CPU in float32
std::unique_ptr<InferenceNetwork> make_cpu_network(const Network &network,
                                                   const InferenceSettings &settings);

} // namespace deblur
