// Inner loops over the samples of a row, vectorised for the CPU at hand.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include "inference/cpu/rows.h"

namespace deblur::cpu {

/// Kim et al. 2017, Eqs. 2 and 3: w = min(1, |tanh(difference)| + beta), and both current (h_n) and
/// previous (h~_{n-1}) become h~_n = w h_n + (1 - w) h~_{n-1}. Computed in float32.
void blend(Element element, const void *difference, void *current, void *previous, size_t count,
           float beta);

/// sum += x.
void accumulate(Element element, const void *x, void *sum, size_t count);

/// Converts count float32 values.
void convert(const float *from, Element element, void *to, size_t count);

/// to = the codes of count samples, rounded to the nearest: of UInt8 (0 to 255) or Int8 (-127 to 127).
void quantize(Element from_element, const void *from, Element to_element, void *to, size_t count,
              float scale);

} // namespace deblur::cpu
