// Rows of samples in memory as rows of floats, whatever their layout.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <hwy/base.h>
#include <libdeblur/deblur.h>

#include "base/half.h"

namespace deblur {

namespace samples {

/// How a sample is stored: the type of its word, and whether the word's bytes are in the other
/// order than the machine's.
enum class Storage { kByte, kWord, kWordSwapped, kHalf, kHalfSwapped, kFloat, kFloatSwapped };

inline uint8_t swapped(uint8_t word) {
    return word;
}
inline uint16_t swapped(uint16_t word) {
    return __builtin_bswap16(word);
}
inline uint32_t swapped(uint32_t word) {
    return __builtin_bswap32(word);
}

template <class Word, bool kSwap> Word in_order(Word word) {
    return kSwap ? swapped(word) : word;
}

// What a network can see of a float sample: nothing that would make its state infinite. Three stops
// above nominal white are more than a display shows.
constexpr float kLargestFloat = 8;

inline float visible(float value) {
    return value == value ? std::min(std::max(value, -kLargestFloat), kLargestFloat) : 0.0f;
}

inline float to_float(uint16_t bits) {
    return float_of_half(bits);
}
inline float to_float(uint32_t bits) {
    return float_of_bits(bits);
}
inline void from_float(float value, uint16_t &bits) {
    bits = half_of_float(value);
}
inline void from_float(float value, uint32_t &bits) {
    bits = bits_of_float(value);
}

/// Calls body(index of sample, index of word) for each of count samples; the usual distances are
/// constants to the compiler, so that it can vectorise.
template <class Body> HWY_INLINE void for_each(int count, ptrdiff_t step, const Body &body) {
    if (step == 1)
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, i);
    else if (step == 2)
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, 2 * i);
    else if (step == 3)
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, 3 * i);
    else if (step == 4)
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, 4 * i);
    else
        for (ptrdiff_t i = 0; i < count; ++i)
            body(i, step * i);
}

/// The first word of a row of samples, and the distance to the next in words.
template <class Word> const Word *words(const deblur_component &component, const void *row) {
    return reinterpret_cast<const Word *>(static_cast<const char *>(row) + component.offset);
}
template <class Word> ptrdiff_t step(const deblur_component &component) {
    return component.step / ptrdiff_t{sizeof(Word)};
}

/// Integers: code values of depth bits, shift bits above the word's lowest.
template <class Word, bool kSwap> struct Integers {
    static HWY_INLINE void load(const deblur_component &component, const void *row, int count,
                                float *out) {
        const Word *const src = words<Word>(component, row);
        const int shift = component.shift;
        for_each(count, step<Word>(component), [=](ptrdiff_t i, ptrdiff_t at) {
            out[i] = static_cast<float>(in_order<Word, kSwap>(src[at]) >> shift);
        });
    }

    static HWY_INLINE void add(const deblur_component &component, const void *from, void *to,
                               int count, const float *change) {
        const Word *const src = words<Word>(component, from);
        Word *const dst = const_cast<Word *>(words<Word>(component, to));
        const int shift = component.shift;
        const int maximum = (1 << component.depth) - 1;
        for_each(count, step<Word>(component), [=](ptrdiff_t i, ptrdiff_t at) {
            float exact = change[i];
            exact = exact == exact ? exact : 0.0f; // NaN
            exact = std::min(std::max(exact, -65535.0f), 65535.0f);
            const int delta = static_cast<int>(exact + (exact < 0 ? -0.5f : 0.5f));
            const int word = in_order<Word, kSwap>(src[at]);
            const int old_code = word >> shift;
            const int new_code = std::min(std::max(old_code + delta, 0), maximum);
            // Bits beside the value stay as they are.
            const int changed = word + (new_code - old_code) * (1 << shift);
            dst[at] = delta == 0 ? src[at] : in_order<Word, kSwap>(static_cast<Word>(changed));
        });
    }
};

/// Floating point, with Word for its bits.
template <class Word, bool kSwap> struct Floats {
    static HWY_INLINE void load(const deblur_component &component, const void *row, int count,
                                float *out) {
        const Word *const src = words<Word>(component, row);
        for_each(count, step<Word>(component), [=](ptrdiff_t i, ptrdiff_t at) {
            out[i] = visible(to_float(in_order<Word, kSwap>(src[at])));
        });
    }

    static HWY_INLINE void add(const deblur_component &component, const void *from, void *to,
                               int count, const float *change) {
        const Word *const src = words<Word>(component, from);
        Word *const dst = const_cast<Word *>(words<Word>(component, to));
        for_each(count, step<Word>(component), [=](ptrdiff_t i, ptrdiff_t at) {
            const float value = to_float(in_order<Word, kSwap>(src[at]));
            Word changed;
            from_float(value + change[i], changed);
            // Not finite, before or after: as it was, to the last bit of a NaN's payload.
            const bool keep = change[i] == 0 || !std::isfinite(value + change[i]);
            dst[at] = keep ? src[at] : in_order<Word, kSwap>(changed);
        });
    }
};

/// Calls body with the Integers or Floats of a storage.
template <class Body> HWY_INLINE void with_codec(Storage storage, const Body &body) {
    switch (storage) {
    case Storage::kByte:
        return body(Integers<uint8_t, false>{});
    case Storage::kWord:
        return body(Integers<uint16_t, false>{});
    case Storage::kWordSwapped:
        return body(Integers<uint16_t, true>{});
    case Storage::kHalf:
        return body(Floats<uint16_t, false>{});
    case Storage::kHalfSwapped:
        return body(Floats<uint16_t, true>{});
    case Storage::kFloat:
        return body(Floats<uint32_t, false>{});
    case Storage::kFloatSwapped:
        return body(Floats<uint32_t, true>{});
    }
}

} // namespace samples

/// How the samples of a component are stored.
inline samples::Storage storage_of(const deblur_format &format, const deblur_component &component) {
    using samples::Storage;
    constexpr bool kBigEndianMachine = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    const bool swap = (format.big_endian != 0) != kBigEndianMachine;
    if (format.sample_type == DEBLUR_SAMPLE_FLOAT) {
        if (component.depth == 16)
            return swap ? Storage::kHalfSwapped : Storage::kHalf;
        return swap ? Storage::kFloatSwapped : Storage::kFloat;
    }
    if (component.depth + component.shift <= 8)
        return Storage::kByte;
    return swap ? Storage::kWordSwapped : Storage::kWord;
}

} // namespace deblur
