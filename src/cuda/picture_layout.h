// From the public description of a format to that of the kernels.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>

#include <libdeblur/deblur.h>

#include "cuda/samples.h"

namespace deblur::cuda {

/// Whether kernels read and write this format: integers do, floating point is the CPU's.
bool is_for_kernels(const deblur_format &format);

PictureLayout picture_layout(const deblur_format &format);

/// A frame's planes; kernels only read those of the source.
Planes source_planes(const deblur_frame &frame);
Planes destination_planes(const deblur_frame &frame);

/// What one plane of a picture takes when it is copied row by row.
struct PlaneSize {
    size_t row_bytes = 0; ///< 0: the format has no such plane
    int rows = 0;
};

using PlaneSizes = std::array<PlaneSize, kMaxPlanes>;

PlaneSizes plane_sizes(const PictureLayout &layout);

/// All planes of a picture in one block of memory, each row and plane beginning at a multiple of 256 bytes.
class PlaneBlock {
  public:
    explicit PlaneBlock(const PlaneSizes &sizes);

    size_t bytes() const { return bytes_; }
    Planes planes_at(uint8_t *begin) const;

  private:
    std::array<size_t, kMaxPlanes> strides_{}, offsets_{};
    size_t bytes_ = 0;
};

} // namespace deblur::cuda
