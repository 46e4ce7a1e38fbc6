// Where people are: the attention of Shen et al. 2019.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/layers.h"

namespace deblur {

/// Eq. 3: three convolutions with ReLU and x2 max-pooling, three transposed convolutions x2 with ReLU, and a 1x1
/// convolution with a sigmoid. (The paper leaves kernels and channels to its supplement, which was not at hand: 5x5; w, 2w
/// and 4w are ours.)
///
/// The paper's sees a picture at each scale, some 40 pixels at a time, which at the finest one is a sleeve. So this one also
/// sees what the next coarser scale found, and in neighbouring frames what moves (both ours).
class HumanAttention : public torch::nn::Module {
  public:
    /// @param frames of a window
    HumanAttention(int64_t frames, int64_t width);

    /// @param window  N x 3 frames x H x W, H and W multiples of 8
    /// @param coarser A of the next coarser scale, of any size; undefined at the coarsest: one half everywhere
    /// @param type    to compute in
    /// @return A, N x 1 x H x W in [0,1], of that type
    torch::Tensor forward(const torch::Tensor &window, const torch::Tensor &coarser, at::ScalarType type) const;
    double macs_per_pixel() const;

  private:
    std::vector<std::shared_ptr<Conv>> down_;
    std::vector<std::shared_ptr<Upsample2x>> up_;
    std::shared_ptr<Conv> head_;
};

} // namespace deblur
