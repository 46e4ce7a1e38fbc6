// What reading and correcting a picture mean, one sample at a time and in double precision, from the
// formulas of ITU-T H.273 rather than from matrices.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "unit/picture/picture.h"

namespace deblur::test {

using Rgb = std::array<double, 3>;

/// RGB at every pixel, row by row.
std::vector<Rgb> reference_read(const deblur_format &format, const Picture &picture);

/// The exact change of every sample, in code values: change(component, x, y).
double reference_change(const deblur_format &format, const std::vector<Rgb> &correction,
                        int component, int x, int y);

/// Calls check(component, x, y) for every sample.
void for_each_sample(const deblur_format &format, const Picture &picture,
                     const std::function<void(int, int, int)> &check);

} // namespace deblur::test
