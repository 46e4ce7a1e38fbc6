// CNN, STRCNN and STRCNN+DTB: the three networks of Kim et al., "Online Video Deblurring via
// Dynamic Temporal Blending Network", ICCV 2017, sections 4 and 5.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/layers.h"
#include "network/network.h"
#include "network/strcnn_graphs.h"

namespace deblur {

/// The reference configuration of Fig. 4: a trunk of 64 channels at half resolution.
class Strcnn : public Network {
  public:
    Strcnn(const NetworkConfig &config, StrcnnTraits traits);

    /// State: F_n (N x 32 x H/2 x W/2), then h~_n (N x 64 x H/2 x W/2) with blending.
    StepResult step(const torch::Tensor &window, const State &state) override;
    int64_t size_multiple() const override { return 2; }
    double macs_per_pixel() const override;

  private:
    StrcnnTraits traits_;
    std::shared_ptr<Conv> stem_, reduce_;
    std::shared_ptr<ResidualStack> encoder_, decoder_;
    std::shared_ptr<TemporalBlending> blending_;
    std::shared_ptr<Upsample2x> upsample_;
    std::shared_ptr<Conv> latent_head_, feature_head_;
};

} // namespace deblur
