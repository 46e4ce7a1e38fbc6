// The network of Lin et al. 2019 on the CPU, and what of it refines other networks' pictures.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "inference/cpu/gate.h"
#include "inference/region_refiner.h"

namespace deblur {

/// Composition::Mining, residual: iGAN makes a picture, and a CpuRegionRefiner refines that.
class MiningNetwork : public InferenceNetwork {
  public:
    MiningNetwork(const Model &model, const InferenceSettings &settings);

    Image step(const std::vector<Image> &window) override;
    void reset() override { refiner_.reset(); }
    Image map() const override { return map_; }

  private:
    cpu::Pipeline generator_;
    Image made_, map_;
    CpuRegionRefiner refiner_;
    cpu::CorrectionGate gate_;
    int passes_, threads_;
};

/// Any network, and a CpuRegionRefiner behind it.
class RefiningNetwork : public InferenceNetwork {
  public:
    /// @param settings with a refiner, residual
    RefiningNetwork(std::unique_ptr<InferenceNetwork> inner, const InferenceSettings &settings);

    Image step(const std::vector<Image> &window) override;
    void reset() override;
    Image map() const override { return inner_->map(); }

  private:
    std::unique_ptr<InferenceNetwork> inner_;
    CpuRegionRefiner refiner_;
    int m_, windows_;
};

} // namespace deblur
