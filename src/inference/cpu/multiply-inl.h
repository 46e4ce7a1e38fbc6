// What the float32 convolutions share, compiled for each instruction set. No #pragma once: Highway includes it again and again.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "network/graph.h"

#if defined(DEBLUR_INFERENCE_CPU_MULTIPLY_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef DEBLUR_INFERENCE_CPU_MULTIPLY_INL_H
#undef DEBLUR_INFERENCE_CPU_MULTIPLY_INL_H
#else
#define DEBLUR_INFERENCE_CPU_MULTIPLY_INL_H
#endif

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Float = hn::ScalableTag<float>;
using Vector = hn::Vec<Float>;
constexpr Float kFloat;

// Positions that are multiplied together: their sums, and what those are made of, fit into 16 registers.
constexpr int kTogether = 6;

// Output channels that are multiplied together.
HWY_ATTR HWY_INLINE size_t panel_width() {
    return 2 * hn::Lanes(kFloat);
}

// sums[position][panel] = sum over taps of from[tap][position][in] x weights[tap][in][panel], for kTogether positions.
HWY_ATTR HWY_INLINE void multiply(const float *const *from, int taps, size_t step, int in,
                                  const float *HWY_RESTRICT weights, float *HWY_RESTRICT sums,
                                  size_t sums_step) {
    const size_t lanes = hn::Lanes(kFloat);
    auto s00 = hn::Zero(kFloat), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
    auto s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
    for (int tap = 0; tap < taps; ++tap) {
        const float *x0 = from[tap], *x3 = x0 + 3 * step;
        for (int i = 0; i < in; ++i, weights += 2 * lanes, ++x0, ++x3) {
            const auto w0 = hn::Load(kFloat, weights), w1 = hn::Load(kFloat, weights + lanes);
            auto x = hn::Set(kFloat, x0[0]);
            s00 = hn::MulAdd(x, w0, s00), s01 = hn::MulAdd(x, w1, s01);
            x = hn::Set(kFloat, x0[step]);
            s10 = hn::MulAdd(x, w0, s10), s11 = hn::MulAdd(x, w1, s11);
            x = hn::Set(kFloat, x0[2 * step]);
            s20 = hn::MulAdd(x, w0, s20), s21 = hn::MulAdd(x, w1, s21);
            x = hn::Set(kFloat, x3[0]);
            s30 = hn::MulAdd(x, w0, s30), s31 = hn::MulAdd(x, w1, s31);
            x = hn::Set(kFloat, x3[step]);
            s40 = hn::MulAdd(x, w0, s40), s41 = hn::MulAdd(x, w1, s41);
            x = hn::Set(kFloat, x3[2 * step]);
            s50 = hn::MulAdd(x, w0, s50), s51 = hn::MulAdd(x, w1, s51);
        }
    }
    const auto put = [&](int position, Vector first, Vector second) HWY_ATTR {
        hn::StoreU(first, kFloat, sums + position * sums_step);
        hn::StoreU(second, kFloat, sums + position * sums_step + lanes);
    };
    put(0, s00, s01), put(1, s10, s11), put(2, s20, s21);
    put(3, s30, s31), put(4, s40, s41), put(5, s50, s51);
}

// The same of integers, for one tap. from and weights have pairs of inputs together: [position][in] and
// [in / 2][panel][2]. Exact while the sums fit into 32 bits. As instructions of x86 have it: elsewhere, the lanes of the pairs differ.
HWY_ATTR HWY_INLINE void multiply(const int16_t *from, size_t step, int in,
                                  const int16_t *HWY_RESTRICT weights, int32_t *HWY_RESTRICT sums,
                                  size_t sums_step) {
    constexpr hn::ScalableTag<int32_t> sum_tag;
    constexpr hn::ScalableTag<int16_t> tag;
    const size_t lanes = hn::Lanes(sum_tag);
    auto s00 = hn::Zero(sum_tag), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00,
         unused = s00;
    auto s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
    const auto pair = [&](const int16_t *at) HWY_ATTR {
        int32_t both;
        std::memcpy(&both, at, sizeof(both));
        return hn::BitCast(tag, hn::Set(sum_tag, both));
    };
    const auto add = [&](auto x, auto w, auto &sum) HWY_ATTR {
        sum = hn::ReorderWidenMulAccumulate(sum_tag, x, w, sum, unused);
    };
    const int16_t *x0 = from, *x3 = from + 3 * step;
    for (int i = 0; i < in; i += 2, weights += 4 * lanes, x0 += 2, x3 += 2) {
        const auto w0 = hn::Load(tag, weights), w1 = hn::Load(tag, weights + 2 * lanes);
        auto x = pair(x0);
        add(x, w0, s00), add(x, w1, s01);
        x = pair(x0 + step);
        add(x, w0, s10), add(x, w1, s11);
        x = pair(x0 + 2 * step);
        add(x, w0, s20), add(x, w1, s21);
        x = pair(x3);
        add(x, w0, s30), add(x, w1, s31);
        x = pair(x3 + step);
        add(x, w0, s40), add(x, w1, s41);
        x = pair(x3 + 2 * step);
        add(x, w0, s50), add(x, w1, s51);
    }
    const auto put = [&](int position, auto first, auto second) HWY_ATTR {
        hn::StoreU(first, sum_tag, sums + position * sums_step);
        hn::StoreU(second, sum_tag, sums + position * sums_step + lanes);
    };
    put(0, s00, s01), put(1, s10, s11), put(2, s20, s21);
    put(3, s30, s31), put(4, s40, s41), put(5, s50, s51);
}

HWY_ATTR HWY_INLINE Vector activated(Activation activation, Vector x) {
    switch (activation) {
    case Activation::None:
        return x;
    case Activation::Relu:
        return hn::Max(x, hn::Zero(kFloat));
    case Activation::LeakyRelu:
        return hn::Max(x, hn::Mul(x, hn::Set(kFloat, kLeak)));
    case Activation::Tanh:
        return hn::Tanh(kFloat, x);
    case Activation::Sigmoid: // as a tanh: exp() would be as long
        return hn::MulAdd(hn::Tanh(kFloat, hn::Mul(x, hn::Set(kFloat, 0.5f))),
                          hn::Set(kFloat, 0.5f), hn::Set(kFloat, 0.5f));
    }
    return x;
}

// to[0, count) = activation(x + to?), with count at most the lanes of a vector.
HWY_ATTR HWY_INLINE void finish(Vector x, bool add, Activation activation, float *to,
                                size_t count) {
    HWY_ALIGN float part[HWY_MAX_BYTES / sizeof(float)];
    const bool whole = count == hn::Lanes(kFloat);
    float *at = whole ? to : part;
    if (!whole)
        for (size_t i = 0; i < count; ++i)
            part[i] = to[i];
    if (add)
        x = hn::Add(x, hn::LoadU(kFloat, at));
    hn::StoreU(activated(activation, x), kFloat, at);
    if (!whole)
        for (size_t i = 0; i < count; ++i)
            to[i] = part[i];
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
