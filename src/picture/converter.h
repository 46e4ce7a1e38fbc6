// Planes to RGB, and corrections of RGB back into the planes: the picture's own samples never make
// the round trip, only what is to be added to them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <vector>

#include <libdeblur/deblur.h>

#include "base/image.h"
#include "picture/color.h"
#include "picture/samples.h"
#include "picture/siting.h"

namespace deblur {

/// Reads and corrects pictures of one format. Immutable; may be used from several threads.
class Converter {
  public:
    /// @param format checked by the caller
    explicit Converter(const deblur_format &format);

    /// frame.src as 3 x H x W, RGB with [0,1] as nominal range (integer codes
    /// beyond it are not clipped). Chroma is interpolated linearly at its location.
    Image read(const deblur_frame &frame) const;

    /// frame.dst = frame.src + frame.strength * correction, in the samples of the format.
    ///
    /// The correction (3 x H x W, RGB) goes through the linear colour matrix, is
    /// averaged where chroma is subsampled, rounded once (half away from zero) and clipped to the
    /// depth. Samples whose share rounds to zero keep their value bit for bit.
    void correct(const deblur_frame &frame, const Image &correction) const;

    /// frame.dst = frame.src + frame.strength * (gray - frame.src), in the samples of the format.
    ///
    /// @param gray 1 x H x W: 0 is black, 1 is white
    void show(const deblur_frame &frame, const Image &gray) const;

  private:
    struct Plane { // one component's storage and geometry
        samples::Storage storage;
        int across_factor; // luma columns for a sample
        int width, height;
        std::vector<Interpolation> across, down;            // per luma column and row
        std::vector<Average> column_averages, row_averages; // per sample column and row
    };

    bool is_subsampled(int component) const;
    void read_component_row(const deblur_frame &frame, int component, int y, float *out,
                            std::vector<float> &scratch) const;

    deblur_format format_;
    int components_;
    ColorTransform color_;
    std::array<Plane, 3> planes_;
};

} // namespace deblur
