// What of a picture counts where brightness alone is compared.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/image.h"

namespace deblur {

/// The weights of R, G and B in luma, after BT.709.
constexpr float kLumaWeights[3] = {0.2126f, 0.7152f, 0.0722f};

/// Small enough that noise and fine motion average out.
constexpr int kThumbnailHeight = 36, kThumbnailWidth = 64;

/// The luma of a picture (3 channels, RGB) as means over its parts: 1 x min(36, height) x min(64, width). Parts begin and
/// end with whole pixels, those between two belong to both.
Image thumbnail(const Image &image);

/// How much fine detail a picture shows: the variance of the Laplacian of luma (Pech-Pacheco et al., "Diatom autofocusing
/// in brightfield microscopy", ICPR 2000), with luma scaled to 0..255 as is usual. 0 for a flat picture.
///
/// @param image      3 channels, RGB in [0,1]
/// @param correction of the same size, which strength times is added first; empty: nothing is
float sharpness(const Image &image, const Image &correction = {}, float strength = 0);

} // namespace deblur
