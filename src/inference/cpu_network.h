// Inference on the CPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "inference/cpu/gate.h"
#include "inference/cpu/pipeline.h"
#include "inference/cpu_tiles.h"
#include "inference/inference_network.h"

namespace deblur {

/// A model's step graph as a pipeline over strips of rows; of those with a map, only the tiles that count, where step_where()
/// says so. For graphs whose only input is the window.
class CpuNetwork : public InferenceNetwork {
  public:
    /// @param model only read here
    /// @throws std::runtime_error if this CPU cannot compute it so (bfloat16 needs AVX-512)
    CpuNetwork(const Model &model, const InferenceSettings &settings, cpu::Blocking blocking = {});

    Image step(const std::vector<Image> &window) override;

    /// As step(), where only a part of the correction counts: elsewhere it may be zero, and the state what it was.
    ///
    /// @param counts 1 x height x width, not zero where it does
    Image step_where(const std::vector<Image> &window, const Image &counts);
    void reset() override { pipeline_.reset(); }
    size_t bytes() const { return pipeline_.bytes() + (tiles_ ? tiles_->bytes() : 0); } ///< of feature maps

  private:
    CpuNetwork(const Model &model, const InferenceSettings &settings, const cpu::Parameters &parameters,
               const cpu::PipelineOptions &options);
    Image finished_correction(const Image &frame);

    cpu::Pipeline pipeline_;
    std::unique_ptr<CpuTiles> tiles_;
    bool is_residual_;
    int gate_halo_; ///< pixels around one on which its gate depends
    Image correction_;
    cpu::CorrectionGate gate_;
    int threads_;
};

/// @throws Error with DEBLUR_NO_ENGINE if the CPU's engine does not know how to compute the model
void check_computable(const Model &model);

/// The network as the settings ask for it, with what they want behind it.
///
/// @param model shared, not changed
/// @throws Error with DEBLUR_NO_ENGINE if the CPU's engine does not know how
std::unique_ptr<InferenceNetwork> make_cpu_network(const ModelPtr &model, const InferenceSettings &settings);

} // namespace deblur
