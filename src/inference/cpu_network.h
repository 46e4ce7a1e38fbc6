// Inference on the CPU through oneDNN.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "inference/cpu/gate.h"
#include "inference/cpu/pipeline.h"
#include "inference/inference_network.h"

namespace deblur {

/// A network's graph as a pipeline over strips of rows, in float32 or bfloat16.
class CpuNetwork : public InferenceNetwork {
  public:
    /// @param network on the CPU, in float32; only read here
    /// @throws std::runtime_error if this CPU cannot compute it so (bfloat16 needs AVX-512)
    CpuNetwork(const Network &network, const InferenceSettings &settings,
               cpu::Blocking blocking = {});

    torch::Tensor step(const std::vector<torch::Tensor> &window) override;
    void reset() override { pipeline_.reset(); }
    size_t bytes() const { return pipeline_.bytes(); } ///< of feature maps

  private:
    cpu::Pipeline pipeline_;
    std::vector<const float *> frames_;
    torch::Tensor correction_;
    cpu::CorrectionGate gate_;
    int threads_;
};

/// The fastest way to these settings on this CPU.
///
/// @param network shared, not changed, on the CPU in float32
std::unique_ptr<InferenceNetwork> make_cpu_network(const Network &network,
                                                   const InferenceSettings &settings);

} // namespace deblur
