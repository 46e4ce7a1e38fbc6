// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/map_kernels.h"

#include <algorithm>
#include <cstdint>

#include "base/half.h"

// Compiled once for each instruction set: Highway includes this file again and again. The loops are the
// compiler's to vectorise.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "inference/cpu/map_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

struct PlainFloat {
    using Word = float;
    static HWY_INLINE float load(float word) { return word; }
    static HWY_INLINE float store(float value) { return value; }
};

struct BrainFloat {
    using Word = uint16_t;
    static HWY_INLINE float load(uint16_t word) { return float_of_bfloat16(word); }
    static HWY_INLINE uint16_t store(float value) { // to the nearest, ties to even
        const uint32_t bits = bits_of_float(value);
        return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
};

template <class Body> HWY_ATTR void with_sample(Element element, const Body &body) {
    if (element == Element::Float32)
        body(PlainFloat());
    else
        body(BrainFloat());
}

HWY_ATTR void clamp_row(Element element, void *row, size_t count) {
    with_sample(element, [=](auto sample) HWY_ATTR {
        using Sample = decltype(sample);
        auto *const x = static_cast<typename Sample::Word *>(row);
        for (size_t i = 0; i < count; ++i)
            x[i] = Sample::load(x[i]) > 0 ? x[i] : 0;
    });
}

HWY_ATTR void pool_rows(Element element, const void *above, const void *below, int width, int channels, void *to) {
    with_sample(element, [=](auto sample) HWY_ATTR {
        using Sample = decltype(sample);
        using Word = typename Sample::Word;
        for (int x = 0; x < width; ++x) {
            const Word *const a = static_cast<const Word *>(above) + 2 * x * channels, *const b = a + channels;
            const Word *const c = static_cast<const Word *>(below) + 2 * x * channels, *const d = c + channels;
            Word *const out = static_cast<Word *>(to) + x * channels;
            for (int i = 0; i < channels; ++i)
                out[i] = Sample::store(std::max(std::max(Sample::load(a[i]), Sample::load(b[i])),
                                                std::max(Sample::load(c[i]), Sample::load(d[i]))));
        }
    });
}

HWY_ATTR void describe_row(Element element, const void *row, int width, int channels, void *to) {
    with_sample(element, [=](auto sample) HWY_ATTR {
        using Sample = decltype(sample);
        using Word = typename Sample::Word;
        for (int x = 0; x < width; ++x) {
            const Word *const from = static_cast<const Word *>(row) + x * channels;
            float sum = 0, largest = Sample::load(from[0]);
#pragma omp simd reduction(+ : sum) reduction(max : largest)
            for (int i = 0; i < channels; ++i) {
                sum += Sample::load(from[i]);
                largest = std::max(largest, Sample::load(from[i]));
            }
            static_cast<Word *>(to)[2 * x] = Sample::store(sum / static_cast<float>(channels));
            static_cast<Word *>(to)[2 * x + 1] = Sample::store(largest);
        }
    });
}

HWY_ATTR void scale_row(Element element, const void *row, const float *by, float gain, float offset, int width,
                        int channels, void *to) {
    with_sample(element, [=](auto sample) HWY_ATTR {
        using Sample = decltype(sample);
        using Word = typename Sample::Word;
        for (int x = 0; x < width; ++x) {
            const Word *const from = static_cast<const Word *>(row) + x * channels;
            Word *const out = static_cast<Word *>(to) + x * channels;
            const float factor = gain * by[x] + offset;
            for (int i = 0; i < channels; ++i)
                out[i] = Sample::store(Sample::load(from[i]) * factor);
        }
    });
}

HWY_ATTR void logistic_row(float *x, size_t count) {
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::ScalableTag<float> tag;
    const auto step = [tag](float *at) HWY_ATTR {
        const auto one = hn::Set(tag, 1.0f);
        hn::StoreU(hn::Div(one, hn::Add(one, hn::Exp(tag, hn::Neg(hn::LoadU(tag, at))))), tag, at);
    };
    const size_t lanes = hn::Lanes(tag);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        step(x + i);
    float rest[HWY_MAX_BYTES / sizeof(float)] = {};
    std::copy(x + i, x + count, rest);
    step(rest);
    std::copy_n(rest, count - i, x + i);
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur::cpu {

HWY_EXPORT(clamp_row);
HWY_EXPORT(pool_rows);
HWY_EXPORT(describe_row);
HWY_EXPORT(scale_row);
HWY_EXPORT(logistic_row);

void clamp_negative(Element element, void *row, size_t count) {
    HWY_DYNAMIC_DISPATCH(clamp_row)(element, row, count);
}

void max_pool(Element element, const void *above, const void *below, int width, int channels, void *to) {
    HWY_DYNAMIC_DISPATCH(pool_rows)(element, above, below, width, channels, to);
}

void mean_and_maximum(Element element, const void *row, int width, int channels, void *to) {
    HWY_DYNAMIC_DISPATCH(describe_row)(element, row, width, channels, to);
}

void scale_pixels(Element element, const void *row, const float *by, float gain, float offset, int width, int channels,
                  void *to) {
    HWY_DYNAMIC_DISPATCH(scale_row)(element, row, by, gain, offset, width, channels, to);
}

void logistic(float *x, size_t count) {
    HWY_DYNAMIC_DISPATCH(logistic_row)(x, count);
}

} // namespace deblur::cpu
#endif
