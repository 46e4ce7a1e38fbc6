// What training minimises.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <torch/types.h>

namespace deblur {

struct LossOptions {
    std::string kind = "charbonnier"; ///< or "mse" (Kim et al. 2017, Eq. 4), or "l1" (Lin et al. 2019, Eq. 4)
    double frequency = 0.05; ///< weight of the mean absolute difference of spectra; 0 = off
    double restraint = 0;    ///< weight of restraint(); 0 = off
    double steadiness = 0;   ///< weight of unsteadiness(); 0 = off
    bool balance = false;    ///< whether clips count by clip_weights()
};

/// How much a clip counts: the more, the less blurred it is, between 0.3 and 3, as the logarithm of PSNR would have it (after
/// the PSNR loss of Chen et al., "Simple Baselines for Image Restoration", ECCV 2022, but bounded). Between "mse", under which heavy
/// blur is nearly all that counts, and "charbonnier", under which it is nearly clean clips.
///
/// @param blurry,sharp B x N x 3 x H x W
/// @return B
torch::Tensor clip_weights(const torch::Tensor &blurry, const torch::Tensor &sharp);

/// The mean over all frames, restraint() left out. restored and sharp are B x N x 3 x H x W in code values; not clamped,
/// so that a value beyond the range still gets a gradient.
///
/// @param weights of the clips, B; undefined: all alike
/// @throws std::invalid_argument for an unknown kind
torch::Tensor restoration_loss(const torch::Tensor &restored, const torch::Tensor &sharp,
                               const LossOptions &options, const torch::Tensor &weights = {});

/// The mean absolute correction where nothing is blurred: under "mse", most of what is learnt comes from heavy blur, and
/// sharp pictures are corrected like blurry ones.
///
/// @param restored,blurry B x N x 3 x H x W
/// @param blur            B x N x 1 x H x W, pixels (Clip::blur)
torch::Tensor restraint(const torch::Tensor &restored, const torch::Tensor &blurry, const torch::Tensor &blur);

/// How the error changes along the true motion, by a kind of distance: what stays wrong in the same way is not
/// seen, what flickers is (after the short-term loss of Lai et al., "Learning Blind Video Temporal Consistency", ECCV 2018,
/// which compares pictures, and so prefers those without detail). 0 for a single frame.
///
/// @param restored,sharp B x N x 3 x H x W
torch::Tensor unsteadiness(const torch::Tensor &restored, const torch::Tensor &sharp, const std::string &kind);

} // namespace deblur
