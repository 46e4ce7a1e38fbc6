// From the public description of a format to that of the kernels.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include <libdeblur/deblur.h>

#include "cuda/samples.h"

namespace deblur::cuda {

/// Whether kernels read and write this format: integers do, floating point is the CPU's.
bool is_for_kernels(const deblur_format &format);

PictureLayout picture_layout(const deblur_format &format);

/// What one plane of a picture takes when it is copied row by row.
struct PlaneSize {
    size_t row_bytes = 0; ///< 0: the format has no such plane
    int rows = 0;
};

PlaneSize plane_size(const PictureLayout &layout, int plane);

} // namespace deblur::cuda
