// BladeNet, the blur-aware network of "LODE: Deep Local Deblurring and A New Benchmark" (Wang et al. 2021), for moving
// objects before a background at rest. Only its abstract was at hand: it names the parts, and their layers are ours.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/perception.h"
#include "network/strcnn_fast.h"

namespace deblur {

/// Blur-guided Spatial Attention: features times 2 sigmoid(conv7x7(<mean, maximum over the channels, blur map>)). The
/// convolution begins with zeros, so that a trained backbone begins as it is.
class BlurGuidedAttention : public torch::nn::Module {
  public:
    BlurGuidedAttention();

    /// @param features N x C x h x w
    /// @param map      N x 1 x H x W, float32; averaged down to h x w, which divide H and W
    torch::Tensor forward(const torch::Tensor &features, const torch::Tensor &map) const;
    double macs() const { return conv_->macs(); } ///< per position

  private:
    std::shared_ptr<Conv> conv_;
};

/// The backbone is strcnn_dtb_fast's, as the framework is made to be combined with others: a U-Net with a recurrent
/// state at an eighth of the resolution. Local Blur Perception sees the window by itself; its map guides an attention
/// at each level of the decoder, and gates the correction: where nothing is blurred, nothing is changed.
class BladeNet : public StrcnnFast {
  public:
    explicit BladeNet(const NetworkConfig &config);

    StepResult step(const torch::Tensor &window, const State &state) override; ///< state as StrcnnFast's
    bool has_map() const override { return true; }
    torch::Tensor objective(const StepResult &result, const FrameTruth &truth) const override;
    double macs_per_pixel() const override;

  private:
    std::shared_ptr<BlurPerception> perception_;
    std::vector<std::shared_ptr<BlurGuidedAttention>> attention_; // by level
};

} // namespace deblur
