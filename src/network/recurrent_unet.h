// A recurrent U-Net with dynamic temporal blending: most of its work at a quarter and an eighth of the resolution, where
// a convolution reaches far and costs little.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/layers.h"
#include "network/network.h"
#include "network/runet_graph.h"

namespace deblur {

/// STRCNN+DTB's recurrence (Kim et al. 2017) in the shape that later video deblurring converged on: a U-Net over the window
/// and the last correction (ESTRNN, MTU), with F_{n-1} shifted in eight directions before it joins (network/channel_shift.h),
/// and h_n blended with h~_{n-1} as in Eqs. 2 and 3. Inside of a block alone there is a ReLU; there is no normalisation.
class RecurrentUnet : public Network {
  public:
    RecurrentUnet(const NetworkConfig &config, const RecurrentUnetSize &size);

    /// State: F_n (N x feature x H/8 x W/8), h~_n (N x eighth x H/8 x W/8), and the correction, pixel-unshuffled
    /// by two (N x 12 x H/2 x W/2).
    StepResult step(const torch::Tensor &window, const State &state) override;

    /// The same picture at 1/2 and 1/4 of its size, restored by heads that only training has (after MIMO-UNet, Cho et al. 2021).
    torch::Tensor objective(const StepResult &result, const FrameTruth &truth) const override;

    int64_t size_multiple() const override { return 8; }
    double macs_per_pixel() const override;

  private:
    RecurrentUnetSize size_;
    std::shared_ptr<Conv> stem_, to_quarter_, to_eighth_, fuse_;
    std::shared_ptr<ResidualStack> quarter_encoder_, eighth_encoder_, eighth_decoder_,
        quarter_decoder_, half_decoder_;
    std::shared_ptr<TemporalBlending> blending_;
    std::shared_ptr<Conv> feature_head_, from_eighth_, from_quarter_, latent_head_;
    std::shared_ptr<Conv> quarter_head_, half_head_; ///< of objective()
};

} // namespace deblur
