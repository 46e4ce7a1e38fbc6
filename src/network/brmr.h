// Adversarial blurred-region mining and refining: "Tell Me Where It is Still Blurry" (Lin et al. 2019).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/adversary.h"
#include "network/brmr_gan.h"
#include "network/network.h"

namespace deblur {

/// iGAN restores the picture; its discriminator finds what is still most blurred, pGAN refines that, and the
/// discriminator decides whether it stays (Algorithm 1). No recurrence but the memory of refine_regions().
///
/// While gradients are wanted a step is iGAN's alone: pGAN learns by objective(), from the windows that the
/// discriminator mines in iGAN's picture at that time.
///
/// With m > 0, pGAN too sees the neighbours: the window's patch, with what was restored so far in its middle.
class Brmr : public Network, public Adversary, public RegionRefiner {
  public:
    /// @param config with width: channels at the finest level; 0 for 8, of what pix2pix has 64
    explicit Brmr(const NetworkConfig &config);

    StepResult step(const torch::Tensor &window, const State &state) override;
    bool has_map() const override { return true; } ///< H^b of the final picture, see blur_map()
    torch::Tensor objective(const StepResult &result, const FrameTruth &truth) const override;
    const Adversary *adversary() const override { return this; }
    const RegionRefiner *region_refiner() const override { return this; }
    int64_t size_multiple() const override { return 1; } ///< its parts extend what they get
    double macs_per_pixel() const override;               ///< with three passes over a picture of 640 x 480

    bool owns(const std::string &parameter) const override;
    torch::Tensor loss(const StepResult &result, const FrameTruth &truth) const override;
    torch::Tensor deception(const StepResult &result, const FrameTruth &truth) const override;

    Refinement refine(const torch::Tensor &window, const torch::Tensor &picture, const torch::Tensor &memory,
                      int windows) const override;
    RefinedRegions refine_most_blurred(const std::vector<RestoredFrame> &frames) const override;

  private:
    using Places = std::vector<std::vector<PatchWindow>>; ///< for each picture of a batch

    struct Mined {
        Places places;
        torch::Tensor window, refined; ///< P x 3(2m+1) and P x 3 x h x w
    };

    Places most_blurred(const torch::Tensor &window, const torch::Tensor &picture) const;
    Mined mine(const torch::Tensor &window, const torch::Tensor &picture) const;
    torch::Tensor refine_patch(const torch::Tensor &window, const torch::Tensor &picture) const;

    std::shared_ptr<ConditionalGan> image_, patch_;
};

} // namespace deblur
