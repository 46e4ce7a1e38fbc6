// How much fine detail a picture shows, for statistics.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

namespace deblur {

/// Variance of the Laplacian of luma (Pech-Pacheco et al., "Diatom autofocusing in brightfield
/// microscopy", ICPR 2000), with luma scaled to 0..255 as is usual. 0 for a flat picture.
///
/// @param image 1 x 3 x H x W, float32, RGB in [0,1]
float sharpness(const torch::Tensor &image);

} // namespace deblur
