// Where a correction is trusted.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

#include "network/gate_shape.h"

namespace deblur {

/// Scales a correction by gain r^4 / (r^4 + threshold^4), with r = rms(correction) / rms(Laplacian of the mean of
/// R, G and B) of the frame, over some 136 x 136 pixels around each pixel.
///
/// @param correction N x 3 x H x W, float32, of any size from 1 x 1
/// @param frame      that it belongs to, of the same size and device, RGB in [0,1]
torch::Tensor gated(const torch::Tensor &correction, const torch::Tensor &frame, const Gate &gate);

} // namespace deblur
