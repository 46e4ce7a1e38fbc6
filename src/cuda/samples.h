// Reading and correcting one pixel or sample, as picture/ does it for rows. Integers of 8 to 16 bits;
// plain structs and functions that a kernel takes and calls.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/portable.h"

namespace deblur::cuda {

/// Where a component's samples lie along one axis of luma: sample j at j * factor + offset. Factor is a
/// power of two and offset a multiple of 1/4, so that float32 holds every position exactly.
struct Axis {
    int factor = 1;
    float offset = 0;
    int luma = 0;    ///< positions of luma
    int samples = 0; ///< of the component
};

/// One component: how its samples are stored, and which pixels they stand for.
struct Component {
    int plane = 0, step = 1, begin = 0; ///< index, bytes between samples, bytes before the first
    int shift = 0, depth = 8;           ///< as in deblur_component
    int is_word = 0, is_swapped = 0;    ///< 16-bit words, in the other byte order
    Axis across, down;
};

constexpr int kMaxPlanes = 4;

struct Planes {
    uint8_t *data[kMaxPlanes];
    ptrdiff_t stride[kMaxPlanes]; ///< bytes
};

/// A format as the kernels need it. Made by picture_layout().
struct PictureLayout {
    int width, height; ///< pixels
    int components;    ///< 1 or 3
    Component component[3];
    float to_rgb[3][3], bias[3], from_rgb[3][3]; ///< as in ColorTransform
};

DEBLUR_PORTABLE int load_word(const Component &c, const uint8_t *at) {
    if (!c.is_word)
        return *at;
    const int word = *reinterpret_cast<const uint16_t *>(at);
    return c.is_swapped ? (word >> 8 | (word & 255) << 8) : word;
}

DEBLUR_PORTABLE void store_word(const Component &c, uint8_t *at, int word) {
    if (!c.is_word)
        *at = static_cast<uint8_t>(word);
    else
        *reinterpret_cast<uint16_t *>(at) =
            static_cast<uint16_t>(c.is_swapped ? (word >> 8 & 255) | word << 8 : word);
}

DEBLUR_PORTABLE uint8_t *sample_at(const Component &c, const Planes &planes, int x, int y) {
    const ptrdiff_t at = y * planes.stride[c.plane] + ptrdiff_t{x} * c.step + c.begin;
    return planes.data[c.plane] + at;
}

DEBLUR_PORTABLE float load_code(const Component &c, const Planes &planes, int x, int y) {
    return static_cast<float>(load_word(c, sample_at(c, planes, x, y)) >> c.shift);
}

/// The samples before and after a luma position, and how far it is from the first to the second.
struct Neighbours {
    int first, second;
    float fraction;
};

DEBLUR_PORTABLE Neighbours neighbours(const Axis &axis, int position) {
    const float exact = (static_cast<float>(position) - axis.offset) / static_cast<float>(axis.factor);
    const float below = floorf(exact);
    const int first = static_cast<int>(below), last = axis.samples - 1;
    return {between(0, first, last), between(0, first + 1, last), exact - below};
}

/// A component's code value at a pixel, interpolated where it is subsampled.
DEBLUR_PORTABLE float code_at(const Component &c, const Planes &planes, int x, int y) {
    if (c.across.factor == 1 && c.down.factor == 1)
        return load_code(c, planes, x, y);
    const Neighbours h = neighbours(c.across, x), v = neighbours(c.down, y);
    const float above = load_code(c, planes, h.first, v.first);
    const float above_right = load_code(c, planes, h.second, v.first);
    const float left =
        above + v.fraction * (load_code(c, planes, h.first, v.second) - above);
    const float right =
        above_right + v.fraction * (load_code(c, planes, h.second, v.second) - above_right);
    return left + h.fraction * (right - left);
}

/// RGB of a pixel, [0,1] as nominal range.
DEBLUR_PORTABLE void read_pixel(const PictureLayout &p, const Planes &planes, int x, int y,
                                float rgb[3]) {
    rgb[0] = p.bias[0];
    rgb[1] = p.bias[1];
    rgb[2] = p.bias[2];
    for (int c = 0; c < p.components; ++c) {
        const float code = code_at(p.component[c], planes, x, y);
        for (int k = 0; k < 3; ++k)
            rgb[k] += p.to_rgb[k][c] * code;
    }
}

/// The luma positions that a sample is the mean of: weight() of first + 0, 1, ... count - 1, before edges
/// are repeated.
struct Reach {
    float begin, end;
    int first, count;

    DEBLUR_PORTABLE float weight(int tap) const {
        const float middle = static_cast<float>(first + tap);
        const float overlap = smaller(end, middle + 0.5f) - larger(begin, middle - 0.5f);
        return overlap / (end - begin);
    }
};

DEBLUR_PORTABLE Reach reach(const Axis &axis, int sample) {
    const float factor = static_cast<float>(axis.factor);
    const float begin = static_cast<float>(sample) * factor + axis.offset - factor / 2;
    const float end = begin + factor;
    const int first = static_cast<int>(floorf(begin + 0.5f));
    const int last = static_cast<int>(ceilf(end + 0.5f)) - 1;
    return {begin, end, first, last - first + 1};
}

/// By how many codes the correction changes sample (x, y) of component number c, without rounding.
///
/// @param correction of RGB: three planes of height x width
DEBLUR_PORTABLE float change_of(const PictureLayout &p, int c, int x, int y, const float *correction,
                                float strength) {
    const Component &component = p.component[c];
    const Reach across = reach(component.across, x), down = reach(component.down, y);
    const ptrdiff_t plane = ptrdiff_t{p.width} * p.height;
    float sum = 0;
    for (int i = 0; i < down.count; ++i) {
        const int row = between(0, down.first + i, p.height - 1);
        const float row_weight = down.weight(i) * strength;
        for (int j = 0; j < across.count; ++j) {
            const int column = between(0, across.first + j, p.width - 1);
            const float *const at = correction + ptrdiff_t{row} * p.width + column;
            const float change = p.from_rgb[c][0] * at[0] + p.from_rgb[c][1] * at[plane] +
                                 p.from_rgb[c][2] * at[2 * plane];
            sum += row_weight * across.weight(j) * change;
        }
    }
    return sum;
}

/// A word whose code is changed: rounded half away from zero, clipped to the depth; a change that rounds
/// to zero, or is NaN, leaves the word as it is, and so do the bits beside the code.
DEBLUR_PORTABLE int corrected_word(const Component &c, int word, float change) {
    const float exact = change == change ? between(-65535.0f, change, 65535.0f) : 0.0f;
    const int delta = static_cast<int>(exact + (exact < 0 ? -0.5f : 0.5f));
    if (delta == 0)
        return word;
    const int old_code = word >> c.shift;
    const int new_code = between(0, old_code + delta, (1 << c.depth) - 1);
    return word + (new_code - old_code) * (1 << c.shift);
}

DEBLUR_PORTABLE void change_sample(const Component &c, const Planes &from, const Planes &to, int x, int y,
                                   float change) {
    store_word(c, sample_at(c, to, x, y), corrected_word(c, load_word(c, sample_at(c, from, x, y)), change));
}

DEBLUR_PORTABLE void correct_sample(const PictureLayout &p, int c, const Planes &from, const Planes &to,
                                    int x, int y, const float *correction, float strength) {
    change_sample(p.component[c], from, to, x, y, change_of(p, c, x, y, correction, strength));
}

/// As correct_sample(), towards the sample that a gray picture has there: luma as the map says, subsampled chroma
/// neutral.
///
/// @param map one plane of height x width in [0,1]: 0 is black, 1 is white
DEBLUR_PORTABLE void show_sample(const PictureLayout &p, int c, const Planes &from, const Planes &to, int x, int y,
                                 const float *map, float strength) {
    const Component &component = p.component[c];
    float black = 0, white = 0; // the component's codes
    for (int k = 0; k < 3; ++k) {
        black -= p.from_rgb[c][k] * p.bias[k];
        white += p.from_rgb[c][k] * (1 - p.bias[k]);
    }
    const bool is_subsampled = component.across.factor > 1 || component.down.factor > 1;
    const float level = is_subsampled ? 0 : map[ptrdiff_t{y} * p.width + x];
    const float gray = black + level * (white - black);
    change_sample(component, from, to, x, y, strength * (gray - load_code(component, from, x, y)));
}

} // namespace deblur::cuda
