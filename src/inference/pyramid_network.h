// The network of Shen et al. 2019 on the CPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "inference/cpu/gate.h"
#include "inference/cpu/pipeline.h"
#include "inference/inference_network.h"

namespace deblur {

/// Composition::Pyramid: the same graph at each scale, from coarse to fine. The picture and the map of one are inputs of the
/// next.
class PyramidNetwork : public InferenceNetwork {
  public:
    PyramidNetwork(const Model &model, const InferenceSettings &settings);

    Image step(const std::vector<Image> &window) override;
    void reset() override {} // there is no state
    Image map() const override { return map_; }

  private:
    struct Scale {
        int factor;
        std::unique_ptr<cpu::Pipeline> pipeline;
        Image head, map;
    };
    Image compute(Scale &scale, const std::vector<Image> &window, const Image &previous, const Image &coarser);

    int multiple_;
    std::vector<Scale> scales_; // coarsest first
    cpu::CorrectionGate gate_;
    bool has_attention_, is_residual_;
    int threads_;
    Image map_;
};

} // namespace deblur
