// Where a correction is trusted.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

#include "network/gate_shape.h"

namespace deblur {

/// Scales a correction by the gate's gain and by how far it is trusted, which depends on some 136 x 136 pixels around each
/// pixel: gate_trust() of their measures, linear between the centres of blocks.
///
/// @param correction N x 3 x H x W, float32, of any size from 1 x 1
/// @param frame      that it belongs to, of the same size and device, RGB in [0,1]
torch::Tensor gated(const torch::Tensor &correction, const torch::Tensor &frame, const Gate &gate);

/// The mean over the surroundings of each block of 8 x 8 pixels.
///
/// @param values N x C x H x W, float32
/// @return N x C x ceil(H / 8) x ceil(W / 8)
torch::Tensor mean_around_blocks(const torch::Tensor &values);

/// What the gate knows of each block's surroundings. Parameters as in gated().
///
/// @return N x kGateFeatures x ceil(H / 8) x ceil(W / 8)
torch::Tensor gate_features(const torch::Tensor &correction, const torch::Tensor &frame);

} // namespace deblur
