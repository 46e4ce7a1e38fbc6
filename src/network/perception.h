// Local Blur Perception: where a picture is blurred by motion, and where it is to be left alone. After "LODE: Deep Local
// Deblurring and A New Benchmark" (Wang et al. 2021), of which only the abstract was at hand: the layers are ours.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/layers.h"

namespace deblur {

/// A small U-Net from a quarter of the resolution to a sixteenth and back; it sees the window, as what moves before a
/// background at rest differs between frames.
class BlurPerception : public torch::nn::Module {
  public:
    /// @param frames of a window
    explicit BlurPerception(int64_t frames);

    /// The blur map.
    ///
    /// @param window N x 3 frames x H x W in [0,1], of any size and floating type
    /// @return N x 1 x H x W, float32 in [0,1]: min(1, blur / kFullBlur), as perception_loss() teaches it
    torch::Tensor forward(const torch::Tensor &window) const;
    double macs_per_pixel() const;

    static constexpr double kFullBlur = 6; ///< pixels from which the map is 1

  private:
    std::shared_ptr<Conv> stem_, reduce_, reduce_deep_, expand_deep_, expand_, head_;
    std::shared_ptr<ResidualStack> encoder_, deep_, decoder_, fine_decoder_;
};

/// Binary cross entropy between a blur map and min(1, blur / kFullBlur).
///
/// @param blur N x 1 x H x W, pixels, see Clip::blur
torch::Tensor perception_loss(const torch::Tensor &map, const torch::Tensor &blur);

/// What perception_loss() counts for beside the restoration's Charbonnier: about as much as that.
constexpr double kPerceptionWeight = 0.05;

/// The share of a correction that a map lets through: nothing below 0.1, all from 0.4 on, and linear between. So blur
/// below 0.6 pixels is left alone, bit for bit.
torch::Tensor local_gate(const torch::Tensor &map);

} // namespace deblur
