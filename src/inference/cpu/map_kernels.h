// Inner loops of map_stages.h over the samples of a row, vectorised for the CPU at hand. Maps are float32 or bfloat16, with
// the channels of a pixel side by side.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include "inference/cpu/rows.h"

namespace deblur::cpu {

/// Negative samples become 0.
void clamp_negative(Element element, void *row, size_t count);

/// The largest of 2 x 2 pixels, for each of width pixels.
void max_pool(Element element, const void *above, const void *below, int width, int channels, void *to);

/// Mean and maximum over the channels of each of width pixels.
void mean_and_maximum(Element element, const void *row, int width, int channels, void *to);

/// Each of width pixels times gain * by + offset.
void scale_pixels(Element element, const void *row, const float *by, float gain, float offset, int width, int channels,
                  void *to);

/// x = 1 / (1 + exp(-x)) for count samples.
void logistic(float *x, size_t count);

} // namespace deblur::cpu
