// Eqs. 2 and 3 of Kim et al. 2017 for one value, after the convolution.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>

#include "base/portable.h"

namespace deblur::cuda {

/// w h_n + (1 - w) h~_{n-1} with w = min(1, |tanh(difference)| + beta).
///
/// @param beta 0 to 1; 1 takes h_n alone, as the first frame of a sequence does
DEBLUR_PORTABLE float blended(float difference, float beta, float current, float previous) {
    const float w = smaller(1.0f, fabsf(tanhf(difference)) + beta);
    return previous + w * (current - previous);
}

} // namespace deblur::cuda
