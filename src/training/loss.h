// What training minimises.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <torch/types.h>

namespace deblur {

struct LossOptions {
    std::string kind = "charbonnier"; ///< or "mse" (Kim et al. 2017, Eq. 4), or "l1" (Lin et al. 2019, Eq. 4)
    double frequency = 0.05; ///< weight of the mean absolute difference of spectra; 0 = off
    double brightness = 0; ///< weight of the mean absolute error of a frame's mean colour; 0 = off
};

/// The mean over all frames. restored and sharp are B x N x 3 x H x W in code values; not clamped,
/// so that a value beyond the range still gets a gradient.
///
/// @throws std::invalid_argument for an unknown kind
torch::Tensor restoration_loss(const torch::Tensor &restored, const torch::Tensor &sharp,
                               const LossOptions &options);

} // namespace deblur
