// The generator of pix2pix (Isola et al. 2017), which iGAN and pGAN of Lin et al. 2019 are built on.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "network/layers.h"

namespace deblur {

/// Instance normalisation with scale and shift, which is what batch normalisation is for batches of one; in float32.
class InstanceNorm : public torch::nn::Module {
  public:
    explicit InstanceNorm(int64_t channels);
    torch::Tensor forward(const torch::Tensor &x) const;

    torch::Tensor weight, bias; ///< channels
};

/// A U-Net. Down: 4x4 convolutions of stride 2 with leaky ReLUs (0.2), of width, 2, 4, 8, 8 ... times width channels.
/// Up: ReLU and transposed 4x4 convolutions, each of which also sees the level's way down. Normalised between, but for
/// the first and the deepest convolution, or with biases instead. Dropout of one half in the first three layers of the
/// way up, the noise z of Eq. 3: while gradients are wanted only, for a video would flicker by it.
class UNetGenerator : public torch::nn::Module {
  public:
    /// @param in     channels of what it sees
    /// @param width  pix2pix: 64
    /// @param levels of which each halves the resolution: 8 make one pixel of 256, 7 of 128. At least 4
    /// @param is_normalised as pix2pix is
    UNetGenerator(int64_t in, int64_t width, int64_t levels, bool is_normalised);

    /// @param x N x in x H x W in [-1,1], of any floating type; H and W are multiples of multiple()
    /// @return N x 3 x H x W in (-1,1), float32; near 0 everywhere in the beginning
    torch::Tensor forward(const torch::Tensor &x) const;

    int64_t multiple() const { return int64_t{1} << levels_.size(); }
    double macs_per_pixel() const;

  private:
    struct Level {
        std::shared_ptr<Conv> down;
        std::shared_ptr<InstanceNorm> down_norm; // null: none
        std::shared_ptr<Upsample2x> up;
        std::shared_ptr<InstanceNorm> up_norm; // null: none
        bool has_dropout;
    };
    std::vector<Level> levels_; // from the finest
};

} // namespace deblur
