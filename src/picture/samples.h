// Rows of samples in memory as rows of floats, whatever their layout.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <libdeblur/deblur.h>

namespace deblur {

namespace samples {

/// Calls body(index of sample, index of word) for each of count samples; the usual distances are
/// constants to the compiler, so that it can vectorise.
template <class Body> void for_each(int count, ptrdiff_t step, const Body &body) {
    if (step == 1)
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, i);
    else if (step == 2)
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, 2 * i);
    else
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, step * i);
}

template <class Word>
void load_row(const deblur_component &component, const void *row, int count, float *out) {
    const auto *words =
        reinterpret_cast<const Word *>(static_cast<const char *>(row) + component.offset);
    const int shift = component.shift;
    for_each(count, component.step / ptrdiff_t{sizeof(Word)},
             [=](ptrdiff_t i, ptrdiff_t at) { out[i] = static_cast<float>(words[at] >> shift); });
}

template <class Word>
void add_row(const deblur_component &component, const void *from, void *to, int count,
             const float *change) {
    const auto *src =
        reinterpret_cast<const Word *>(static_cast<const char *>(from) + component.offset);
    auto *dst = reinterpret_cast<Word *>(static_cast<char *>(to) + component.offset);
    const int shift = component.shift;
    const int maximum = (1 << component.depth) - 1;
    for_each(count, component.step / ptrdiff_t{sizeof(Word)}, [=](ptrdiff_t i, ptrdiff_t at) {
        float exact = change[i];
        exact = exact == exact ? exact : 0.0f; // NaN
        exact = std::min(std::max(exact, -65535.0f), 65535.0f);
        const int delta = static_cast<int>(exact + (exact < 0 ? -0.5f : 0.5f));
        const int word = src[at];
        const int old_code = word >> shift;
        const int new_code = std::min(std::max(old_code + delta, 0), maximum);
        // Bits beside the value stay as they are.
        dst[at] =
            static_cast<Word>(delta == 0 ? word : word + (new_code - old_code) * (1 << shift));
    });
}

/// Whether a sample lies in a 16-bit word rather than in a byte.
inline bool is_wide(const deblur_component &component) {
    return component.depth + component.shift > 8;
}

} // namespace samples

/// Reads the code values of count samples of one component. row is where the plane's row begins.
inline void load_row(const deblur_component &component, const void *row, int count, float *out) {
    if (samples::is_wide(component))
        samples::load_row<uint16_t>(component, row, count, out);
    else
        samples::load_row<uint8_t>(component, row, count, out);
}

/// Adds change to the samples of row from, rounded half away from zero and clipped to the depth,
/// and writes them to row to (may be the same). A sample whose change rounds to zero, or is NaN,
/// keeps its value, even one beyond its depth.
inline void add_row(const deblur_component &component, const void *from, void *to, int count,
                    const float *change) {
    if (samples::is_wide(component))
        samples::add_row<uint16_t>(component, from, to, count, change);
    else
        samples::add_row<uint8_t>(component, from, to, count, change);
}

} // namespace deblur
