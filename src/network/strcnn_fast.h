// STRCNN+DTB at an eighth of the work: the recurrence and blending of Kim et al. 2017 at an eighth of the
// resolution, inside a shallow U-Net.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/layers.h"
#include "network/network.h"

namespace deblur {

/// Space-to-depth to quarter resolution (48 channels), most of the work at eighth resolution (96 channels),
/// pixel shuffle back. The receptive field of one step is 268 pixels, three times the
/// paper's: large blur needs reach more than fine detail, which the picture itself contributes.
class StrcnnFast : public Network {
  public:
    explicit StrcnnFast(const NetworkConfig &config);

    /// State: F_n (N x 48 x H/8 x W/8), then h~_n (N x 96 x H/8 x W/8).
    StepResult step(const torch::Tensor &window, const State &state) override;
    int64_t size_multiple() const override { return 8; }
    double macs_per_pixel() const override;

  private:
    std::shared_ptr<Conv> stem_, reduce_;
    std::shared_ptr<ResidualStack> fine_encoder_, encoder_, decoder_, fine_decoder_;
    std::shared_ptr<TemporalBlending> blending_;
    std::shared_ptr<Conv> expand_, latent_head_, feature_head_;
};

} // namespace deblur
