// The discriminator of Lin et al. 2019: that of pix2pix with class activation maps (Zhou et al. 2016).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/layers.h"

namespace deblur {

/// What a discriminator says of a picture.
struct Verdict {
    torch::Tensor sharp;   ///< N: log of the confidence that it is sharp, log D(b, s) of Eq. 3
    torch::Tensor blurred; ///< N: log(1 - D(b, s))
    torch::Tensor heat;    ///< H^s and H^b of Eq. 2 as the upsampled maps of class activation: N x 2 x H x W
};

/// conv1 to conv4 of pix2pix's PatchGAN (4x4; strides 2, 2, 2, 1; width, 2, 4 and 8 times width channels; leaky ReLUs
/// of 0.2), global average pooling over conv4, and a fully connected layer to two classes, sharp and blurred. No
/// normalisation: the mean of a normalised map would not tell how much of the picture is blurred. Computes in float32,
/// because two confidences that differ by little are compared.
class Discriminator : public torch::nn::Module {
  public:
    /// @param frames of the window that it sees: of the frames around the middle one it gets what is different in them,
    ///               for what moves is what is blurred (ours; the paper's pictures have no neighbours)
    Discriminator(int64_t frames, int64_t width);

    /// @param window  N x 3 frames x H x W, float32 in [0,1], of any size: what the picture was made of
    /// @param picture N x 3 x H x W
    Verdict judge(const torch::Tensor &window, const torch::Tensor &picture) const;
    double macs_per_pixel() const;

    torch::Tensor weight; ///< 2 x 8 width: w^s and w^b

  private:
    torch::Tensor seen(const torch::Tensor &window, const torch::Tensor &picture) const;

    std::vector<std::shared_ptr<Conv>> convs_;
};

/// What a discriminator's map shows: where the picture is still blurred.
///
/// @return N x 1 x H x W in (0,1): the logistic function of H^b
torch::Tensor blur_map(const Verdict &verdict);

} // namespace deblur
