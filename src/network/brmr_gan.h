// A conditional generative adversarial network for deblurring: iGAN and pGAN of Lin et al. 2019 are one each.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/brmr_discriminator.h"
#include "network/brmr_generator.h"

namespace deblur {

/// lambda of Eq. 5: what the L1 loss of Eq. 4 counts for beside the adversarial loss.
constexpr double kL1Weight = 100;

/// How much of the error of a blurry picture is still there: the ratio of root mean squares over 17 x 17 pixels, 1 where
/// the blurry one differs from the sharp one by less than a code value.
///
/// @return N x 1 x H x W in [0,1]
torch::Tensor remaining_error(const torch::Tensor &restored, const torch::Tensor &blurry, const torch::Tensor &sharp);

class ConditionalGan : public torch::nn::Module {
  public:
    /// @param frames   of the window that both see
    /// @param residual whether the generator makes a correction, or as in the paper the picture. Corrections vanish
    ///                 where pictures are sharp, and normalised features do not: then it has no normalisation
    ConditionalGan(int64_t frames, int64_t width, int64_t levels, bool residual);

    /// G(b, z).
    ///
    /// @param window N x 3 frames x H x W in [0,1], of any size: extended by reflection inside
    /// @param type   to compute in
    /// @return N x 3 x H x W, float32, in (0,1) if the generator makes pictures, not clamped if corrections
    torch::Tensor restore(const torch::Tensor &window, at::ScalarType type) const;

    /// D: what it thinks of a picture that was made of a window.
    Verdict judge(const torch::Tensor &window, const torch::Tensor &picture) const {
        return discriminator_->judge(window, picture);
    }

    /// What the discriminator minimises: minus Eq. 3. Half of the blurred class are G's pictures, half the blurry ones
    /// themselves (ours: so it learns from blur, and not only from the marks that a generator leaves). And the maps of both
    /// classes, as perception_loss() teaches them, for two words about a whole picture do not say where (ours, too): that
    /// of G's picture is the blur as far as there is remaining_error().
    ///
    /// @param blur of the window's middle frame, N x 1 x H x W, see Clip::blur, pixels
    torch::Tensor discriminator_loss(const torch::Tensor &window, const torch::Tensor &sharp,
                                     const torch::Tensor &restored, const torch::Tensor &blur) const;

    /// What the generator minimises besides L1, on L1's scale (Eq. 5 divided by lambda): -log D(b, G(b)), which has
    /// the fixed point of log(1 - D(b, G(b))) and gradients where that has none (Isola et al. 2017).
    torch::Tensor generator_loss(const torch::Tensor &window, const torch::Tensor &restored) const;

    double generator_macs() const { return generator_->macs_per_pixel(); }
    double discriminator_macs() const { return discriminator_->macs_per_pixel(); }

  private:
    std::shared_ptr<UNetGenerator> generator_;
    std::shared_ptr<Discriminator> discriminator_;
    bool residual_;
};

} // namespace deblur
