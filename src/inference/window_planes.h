// What networks see of a window besides its frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/image.h"

namespace deblur {

/// How much each frame differs from the middle one, times 8: differences between frames are small.
inline std::vector<Image> motion_view(const std::vector<Image> &window) {
    constexpr float kGain = 8;
    const Image &middle = window[window.size() / 2];
    std::vector<Image> differences;
    for (const auto &frame : window) {
        if (&frame == &middle)
            continue;
        differences.emplace_back(3, middle.height(), middle.width());
        for (size_t i = 0; i < middle.size(); ++i)
            differences.back().data()[i] = (frame.data()[i] - middle.data()[i]) * kGain;
    }
    return differences;
}

/// From [0,1] to [-1,1].
inline Image signed_range(const Image &image) {
    const Image result(image.channels(), image.height(), image.width());
    for (size_t i = 0; i < result.size(); ++i)
        result.data()[i] = 2 * image.data()[i] - 1;
    return result;
}

} // namespace deblur
