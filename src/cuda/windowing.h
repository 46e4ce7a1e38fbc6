// How a window of frames becomes the network's input.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include "base/portable.h"

namespace deblur::cuda {

constexpr int kMaxFrames = 7; // 2m + 1 with m = 3

/// Frames of 3 x height x width, padded by reflection, pixel-unshuffled by factor, with the channels
/// innermost and filled up with zeros.
struct WindowLayout {
    int frames;                    ///< 2m + 1
    int height, width;             ///< of a frame
    int factor;                    ///< of the unshuffling
    int out_height, out_width;     ///< of the input: padded sizes over factor
    int channels;                  ///< of the input, at least 3 * frames * factor^2
};

struct Frames {
    const float *data[kMaxFrames];
};

/// Where a position beyond a side's end is reflected to (pad_to_multiple()).
DEBLUR_PORTABLE int reflected(int position, int length) {
    if (length == 1)
        return 0;
    const int period = 2 * length - 2, in_period = position % period;
    return in_period < length ? in_period : period - in_period;
}

/// The input's value at (y, x) in a channel: pixel_unshuffle(cat(frames), factor).
DEBLUR_PORTABLE float window_value(const WindowLayout &w, const Frames &frames, int y, int x,
                                   int channel) {
    const int phases = w.factor * w.factor;
    const int plane = channel / phases, phase = channel % phases;
    if (plane >= 3 * w.frames)
        return 0;
    const int row = reflected(y * w.factor + phase / w.factor, w.height);
    const int column = reflected(x * w.factor + phase % w.factor, w.width);
    return frames.data[plane / 3][(ptrdiff_t{plane % 3} * w.height + row) * w.width + column];
}

} // namespace deblur::cuda
