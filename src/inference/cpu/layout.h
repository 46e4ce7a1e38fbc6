// Weights rearranged for the way in which they are used.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu/convolution.h"

namespace deblur::cpu {

/// A transposed convolution, 4x4, stride 2, padding 1 (weights in x out x 4 x 4), as the 2x2
/// convolution that makes its four phases: out channel (2 a + b) * out + c is, at (i, j) of a map with
/// a row and a column more, the upsampled pixel (2i - a, 2j - b).
Kernel phases_of_deconvolution(const float *weights, const float *biases, int in, int out);

/// A 3x3 convolution on an upsampled map as a 2x2 convolution on its phases (as above), whose output is
/// pixel-unshuffled: channel (c * 2 + row) * 2 + column. Three channels at full resolution become
/// twelve at half: a quarter of the positions, and no sixteen-fold vector with three lanes used.
Kernel on_phases(const Kernel &conv);

/// The channels of a convolution that pixel_shuffle(2) follows: from channel, row, column to row,
/// column, channel.
Kernel phases_first(const Kernel &conv);

} // namespace deblur::cpu
