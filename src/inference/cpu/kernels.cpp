// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/kernels.h"

#include <algorithm>
#include <array>
#include <cstdint>

// Compiled once for each instruction set: Highway includes this file again and again.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "inference/cpu/kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Float = hn::ScalableTag<float>;
using Vector = hn::Vec<Float>;
constexpr Float kFloat;

// Samples in memory and in registers, where they are float32.
struct PlainFloat {
    using Word = float;
    static HWY_ATTR Vector load(const float *from) { return hn::LoadU(kFloat, from); }
    static HWY_ATTR void store(Vector value, float *to) { hn::StoreU(value, kFloat, to); }
};

struct BrainFloat {
    using Word = uint16_t;
    static constexpr hn::Rebind<uint16_t, Float> kHalf{};
    static constexpr hn::RebindToUnsigned<Float> kBits{};
    static constexpr hn::RebindToSigned<Float> kSigned{};

    static HWY_ATTR Vector load(const uint16_t *from) {
        return hn::BitCast(kFloat, hn::ShiftLeft<16>(hn::PromoteTo(kBits, hn::LoadU(kHalf, from))));
    }
    // To the nearest, ties to even. A NaN stays one: its highest mantissa bit is set first.
    static HWY_ATTR void store(Vector value, uint16_t *to) {
        const auto is_nan = hn::IsNaN(value);
        auto bits = hn::BitCast(kBits, value);
        const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(kBits, 1));
        const auto rounded = hn::Add(bits, hn::Add(odd, hn::Set(kBits, 0x7fff)));
        const auto nan = hn::Or(bits, hn::Set(kBits, 0x400000));
        bits = hn::IfThenElse(hn::RebindMask(kBits, is_nan), nan, rounded);
        const auto high = hn::BitCast(kSigned, hn::ShiftRight<16>(bits));
        hn::StoreU(hn::DemoteTo(kHalf, high), kHalf, to);
    }
};

// Calls step(pointers) for each vector of count samples in N rows; what is left over goes there and
// back through a vector of its own.
template <class Word, size_t N, class Step>
HWY_ATTR void for_each_vector(std::array<Word *, N> rows, size_t count, const Step &step) {
    const size_t lanes = hn::Lanes(kFloat);
    size_t done = 0;
    for (; done + lanes <= count; done += lanes) {
        step(rows);
        for (auto &row : rows)
            row += lanes;
    }
    if (done == count)
        return;
    Word rest[N][HWY_MAX_BYTES / sizeof(float)] = {};
    std::array<Word *, N> pointers;
    for (size_t k = 0; k < N; ++k) {
        pointers[k] = rest[k];
        std::copy_n(rows[k], count - done, rest[k]);
    }
    step(pointers);
    for (size_t k = 0; k < N; ++k)
        std::copy_n(rest[k], count - done, rows[k]);
}

template <class Sample>
HWY_ATTR void blend_samples(const void *difference, void *current, void *previous, size_t count,
                            float beta) {
    using Word = typename Sample::Word;
    const std::array<Word *, 3> rows{static_cast<Word *>(const_cast<void *>(difference)),
                                     static_cast<Word *>(current), static_cast<Word *>(previous)};
    for_each_vector(rows, count, [&](const auto &at) HWY_ATTR {
        const auto change = hn::Abs(hn::Tanh(kFloat, Sample::load(at[0])));
        const auto w = hn::Min(hn::Add(change, hn::Set(kFloat, beta)), hn::Set(kFloat, 1.0f));
        const auto old = Sample::load(at[2]);
        const auto blended = hn::MulAdd(w, hn::Sub(Sample::load(at[1]), old), old);
        Sample::store(blended, at[1]);
        Sample::store(blended, at[2]);
    });
}

template <class Sample> HWY_ATTR void add_samples(const void *x, void *sum, size_t count) {
    using Word = typename Sample::Word;
    const std::array<Word *, 2> rows{static_cast<Word *>(const_cast<void *>(x)),
                                     static_cast<Word *>(sum)};
    for_each_vector(rows, count, [&](const auto &at) HWY_ATTR {
        Sample::store(hn::Add(Sample::load(at[0]), Sample::load(at[1])), at[1]);
    });
}

HWY_ATTR void blend_row(Element element, const void *difference, void *current, void *previous,
                        size_t count, float beta) {
    element == Element::Float32
        ? blend_samples<PlainFloat>(difference, current, previous, count, beta)
        : blend_samples<BrainFloat>(difference, current, previous, count, beta);
}

HWY_ATTR void add_row(Element element, const void *x, void *sum, size_t count) {
    element == Element::Float32 ? add_samples<PlainFloat>(x, sum, count)
                                : add_samples<BrainFloat>(x, sum, count);
}

HWY_ATTR void convert_row(const float *from, uint16_t *to, size_t count) {
    const size_t lanes = hn::Lanes(kFloat);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        BrainFloat::store(hn::LoadU(kFloat, from + i), to + i);
    if (i == count)
        return;
    float rest[HWY_MAX_BYTES / sizeof(float)] = {};
    uint16_t converted[HWY_MAX_BYTES / sizeof(float)];
    std::copy(from + i, from + count, rest);
    BrainFloat::store(hn::LoadU(kFloat, rest), converted);
    std::copy_n(converted, count - i, to + i);
}

template <class Sample, class Code>
HWY_ATTR void quantize_samples(const void *from_, void *to_, size_t count, float scale, float low,
                               float high) {
    using Word = typename Sample::Word;
    const auto *from = static_cast<const Word *>(from_);
    auto *to = static_cast<Code *>(to_);
    const hn::Rebind<Code, Float> codes;
    const auto step = [&](const Word *in, Code *out) HWY_ATTR {
        const auto value = hn::Mul(Sample::load(in), hn::Set(kFloat, 1 / scale));
        const auto clamped = hn::Min(hn::Max(value, hn::Set(kFloat, low)), hn::Set(kFloat, high));
        hn::StoreU(hn::DemoteTo(codes, hn::NearestInt(clamped)), codes, out);
    };
    const size_t lanes = hn::Lanes(kFloat);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        step(from + i, to + i);
    if (i == count)
        return;
    Word rest[HWY_MAX_BYTES / sizeof(float)] = {};
    Code quantized[HWY_MAX_BYTES / sizeof(float)];
    std::copy(from + i, from + count, rest);
    step(rest, quantized);
    std::copy_n(quantized, count - i, to + i);
}

template <class Sample>
HWY_ATTR void quantize_to(const void *from, Element to_element, void *to, size_t count,
                          float scale) {
    to_element == Element::UInt8
        ? quantize_samples<Sample, uint8_t>(from, to, count, scale, 0, 255)
        : quantize_samples<Sample, int8_t>(from, to, count, scale, -127, 127);
}

HWY_ATTR void quantize_row(Element from_element, const void *from, Element to_element, void *to,
                           size_t count, float scale) {
    from_element == Element::Float32 ? quantize_to<PlainFloat>(from, to_element, to, count, scale)
                                     : quantize_to<BrainFloat>(from, to_element, to, count, scale);
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur::cpu {

HWY_EXPORT(blend_row);
HWY_EXPORT(add_row);
HWY_EXPORT(convert_row);
HWY_EXPORT(quantize_row);

void blend(Element element, const void *difference, void *current, void *previous, size_t count,
           float beta) {
    HWY_DYNAMIC_DISPATCH(blend_row)(element, difference, current, previous, count, beta);
}

void accumulate(Element element, const void *x, void *sum, size_t count) {
    HWY_DYNAMIC_DISPATCH(add_row)(element, x, sum, count);
}

void convert(const float *from, Element element, void *to, size_t count) {
    if (element == Element::Float32)
        std::copy_n(from, count, static_cast<float *>(to));
    else
        HWY_DYNAMIC_DISPATCH(convert_row)(from, static_cast<uint16_t *>(to), count);
}

void quantize(Element from_element, const void *from, Element to_element, void *to, size_t count,
              float scale) {
    HWY_DYNAMIC_DISPATCH(quantize_row)(from_element, from, to_element, to, count, scale);
}

} // namespace deblur::cpu
#endif
