// Networks whose map says where their correction counts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu_network.h"

namespace deblur {

/// Local Blur Perception (network/perception.h) of one size of frames.
class Perception {
  public:
    /// @param height, width of the frames
    Perception(const Model &model, const InferenceSettings &settings, int height, int width);

    /// The map of a window: 1 x height x width in [0,1].
    Image map_of(const std::vector<Image> &window);

  private:
    cpu::Pipeline pipeline_;
    Image logits_;
    int height_, width_;
};

/// Composition::Gated: where the gate is closed everywhere nothing is computed, and the next step begins a sequence.
class GatedNetwork : public InferenceNetwork {
  public:
    GatedNetwork(const Model &model, const InferenceSettings &settings);

    Image step(const std::vector<Image> &window) override;
    void reset() override { inner_.reset(); }
    Image map() const override { return map_; }

  private:
    CpuNetwork inner_;
    int multiple_;
    Perception perception_;
    Image map_;
};

/// Composition::Guided.
class GuidedNetwork : public InferenceNetwork {
  public:
    GuidedNetwork(const Model &model, const InferenceSettings &settings);

    Image step(const std::vector<Image> &window) override;
    void reset() override { pipeline_.reset(); }
    Image map() const override { return map_; }

  private:
    int height_, width_, multiple_;
    cpu::Pipeline pipeline_;
    Perception perception_;
    Image head_, map_;
    cpu::CorrectionGate gate_;
    bool is_residual_;
    int threads_;
};

} // namespace deblur
