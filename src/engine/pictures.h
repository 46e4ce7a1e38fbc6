// The interface between a stream's restoration and where its frames' samples lie.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include <libdeblur/deblur.h>

#include "base/image.h"

namespace deblur {

/// The frames of one stream as images for the network, and its corrections back into them. Used by
/// one thread at a time.
class Pictures {
  public:
    virtual ~Pictures() = default;

    /// frame.src at the size at which the network works: 3 x height x width, RGB in [0,1], in the memory of the network's
    /// device.
    virtual Image read(const deblur_frame &frame) = 0;

    /// Begins to write frame.dst = frame.src + frame.strength * correction. Called once for each read(), in
    /// the same order.
    virtual void correct(const deblur_frame &frame, const Image &correction) = 0;

    /// As correct(), but frame.dst becomes a picture of a network's map, by as much as frame.strength says.
    ///
    /// @param map 1 x height x width in [0,1]: 0 is black, 1 is white
    virtual void show(const deblur_frame &frame, const Image &map) = 0;

    /// Waits until the oldest correct() or show() that was not waited for is in frame.dst.
    ///
    /// @return whether the correction was finite; if not, the frame is as it was
    virtual bool finish() = 0;

    /// thumbnail() of what read() returned, in host memory.
    virtual Image thumbnail(const Image &image) const = 0;

    /// sharpness() of what read() returned, and of the same with strength times the correction.
    virtual float sharpness(const Image &image) const = 0;
    virtual float sharpness(const Image &image, const Image &correction, float strength) const = 0;

    /// How many corrections may be under way while the next frame is read: more overlap, more delay.
    virtual size_t depth() const = 0;
};

} // namespace deblur
