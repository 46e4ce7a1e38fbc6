// STRCNN+DTB at an eighth of the work: the recurrence and blending of Kim et al. 2017 at an eighth of the
// resolution, at the bottom of a U-Net.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "network/layers.h"
#include "network/network.h"

namespace deblur {

/// Space-to-depth to half resolution (32 channels), then quarter (64) and eighth (96), where the state
/// lives, and back by pixel shuffle, with the sums of a U-Net. Large blur needs reach more than fine
/// detail, which the picture itself contributes.
class StrcnnFast : public Network {
  public:
    explicit StrcnnFast(const NetworkConfig &config);

    /// State: F_n (N x 32 x H/8 x W/8), then h~_n (N x 96 x H/8 x W/8).
    StepResult step(const torch::Tensor &window, const State &state) override;
    int64_t size_multiple() const override { return 8; }
    double macs_per_pixel() const override;

  protected:
    /// The levels of the U-Net, and the channels of their features on the way back.
    enum Level { Eighth, Quarter, Half, LevelCount };
    static constexpr int64_t kChannels[LevelCount] = {96, 64, 32};

    /// Changes the features of a level before its decoder sees them.
    using Modulation = std::function<torch::Tensor(Level level, const torch::Tensor &features)>;

    StepResult modulated_step(const torch::Tensor &window, const State &state,
                              const Modulation &modulation) const;

  private:
    std::shared_ptr<Conv> stem_, reduce_middle_, reduce_;
    std::shared_ptr<ResidualStack> middle_encoder_, encoder_;
    std::shared_ptr<TemporalBlending> blending_;
    std::shared_ptr<ResidualStack> decoder_, middle_decoder_, fine_decoder_;
    std::shared_ptr<Conv> feature_head_, expand_, expand_middle_, latent_head_;
};

} // namespace deblur
