// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/rows.h"

#include <algorithm>
#include <cmath>

// Compiled once for each instruction set: Highway includes this file again and again. The loops are
// plain; the compiler vectorises them for each.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "picture/rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace deblur::HWY_NAMESPACE {
namespace {

HWY_ATTR void load(samples::Storage storage, const deblur_component &component, const void *row,
                   int count, float *out) {
    samples::with_codec(
        storage, [&](auto codec) HWY_ATTR { decltype(codec)::load(component, row, count, out); });
}

HWY_ATTR void add(samples::Storage storage, const deblur_component &component, const void *from,
                  void *to, int count, const float *change) {
    samples::with_codec(storage, [&](auto codec) HWY_ATTR {
        decltype(codec)::add(component, from, to, count, change);
    });
}

HWY_ATTR void mix_rows(const Mixture &m, int rows, float base, float *HWY_RESTRICT out, int count) {
    const float *const a = m.rows[0], *const b = m.rows[1], *const c = m.rows[2];
    const float fa = m.factors[0], fb = m.factors[1], fc = m.factors[2];
    if (rows == 1)
        for (int i = 0; i < count; ++i)
            out[i] = base + fa * a[i];
    else
        for (int i = 0; i < count; ++i)
            out[i] = base + fa * a[i] + fb * b[i] + fc * c[i];
}

HWY_ATTR void mix_more_rows(const Mixture &m, float *HWY_RESTRICT out, int count) {
    const float *const a = m.rows[0], *const b = m.rows[1], *const c = m.rows[2];
    const float fa = m.factors[0], fb = m.factors[1], fc = m.factors[2];
    for (int i = 0; i < count; ++i)
        out[i] += fa * a[i] + fb * b[i] + fc * c[i];
}

HWY_ATTR void add_scaled_row(const float *HWY_RESTRICT in, float factor, float *HWY_RESTRICT out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] += factor * in[i];
}

HWY_ATTR LaplacianSums sum_laplacian(const float *above, const float *row, const float *below, int count) {
    float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum, squares)
    for (int i = 1; i <= count; ++i) {
        const float laplacian = above[i] + below[i] + row[i - 1] + row[i + 1] - 4 * row[i];
        sum += laplacian;
        squares += laplacian * laplacian;
    }
    return {sum, squares};
}

HWY_ATTR float sum_row(const float *in, size_t count) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < count; ++i)
        sum += in[i];
    return sum;
}

HWY_ATTR void between(float *HWY_RESTRICT above, const float *HWY_RESTRICT below, float fraction,
                      int count) {
    for (int i = 0; i < count; ++i)
        above[i] += fraction * (below[i] - above[i]);
}

// Between the ends, where samples are repeated, entries recur every two luma columns.
HWY_ATTR void stretch(const float *HWY_RESTRICT in, const Interpolation *table, int size,
                      int factor, float *HWY_RESTRICT out) {
    const auto one = [=](int x) HWY_ATTR {
        const float value = in[table[x].first];
        out[x] = value + table[x].fraction * (in[table[x].second] - value);
    };
    constexpr int edge = 4;
    if (factor != 2 || size < 3 * edge) {
        for (int x = 0; x < size; ++x)
            one(x);
        return;
    }
    for (int x = 0; x < edge; ++x)
        one(x);
    const float *const even = in + table[edge].first, *const odd = in + table[edge + 1].first;
    const float even_fraction = table[edge].fraction, odd_fraction = table[edge + 1].fraction;
    const int pairs = (size - 2 * edge) / 2;
    for (int j = 0; j < pairs; ++j) {
        out[edge + 2 * j] = even[j] + even_fraction * (even[j + 1] - even[j]);
        out[edge + 2 * j + 1] = odd[j] + odd_fraction * (odd[j + 1] - odd[j]);
    }
    for (int x = edge + 2 * pairs; x < size; ++x)
        one(x);
}

HWY_ATTR void shrink(const float *HWY_RESTRICT in, const Average *table, int size, int factor,
                     float *HWY_RESTRICT out) {
    const auto one = [=](int i) HWY_ATTR {
        out[i] = 0;
        for (int tap = 0; tap < table[i].count; ++tap)
            out[i] += table[i].weight[tap] * in[table[i].first + tap];
    };
    constexpr int edge = 2;
    if (factor != 2 || size < 3 * edge || table[edge].count > 3) {
        for (int i = 0; i < size; ++i)
            one(i);
        return;
    }
    for (int i = 0; i < edge; ++i)
        one(i);
    const Average &inner = table[edge];
    const float *const from = in + inner.first;
    const float a = inner.weight[0], b = inner.weight[1], c = inner.weight[2]; // 0 without a third
    const int last = size - edge;
    for (int i = edge; i < last; ++i) {
        const float *const at = from + 2 * (i - edge);
        out[i] = a * at[0] + b * at[1] + c * at[2];
    }
    for (int i = last; i < size; ++i)
        one(i);
}

} // namespace
} // namespace deblur::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur {

HWY_EXPORT(load);
HWY_EXPORT(add);
HWY_EXPORT(mix_rows);
HWY_EXPORT(mix_more_rows);
HWY_EXPORT(add_scaled_row);
HWY_EXPORT(sum_laplacian);
HWY_EXPORT(sum_row);
HWY_EXPORT(between);
HWY_EXPORT(stretch);
HWY_EXPORT(shrink);

void load_row(samples::Storage storage, const deblur_component &component, const void *row,
              int count, float *out) {
    HWY_DYNAMIC_DISPATCH(load)(storage, component, row, count, out);
}

void add_row(samples::Storage storage, const deblur_component &component, const void *from,
             void *to, int count, const float *change) {
    HWY_DYNAMIC_DISPATCH(add)(storage, component, from, to, count, change);
}

void mix(const Mixture &mixture, int rows, float base, float *out, int count) {
    HWY_DYNAMIC_DISPATCH(mix_rows)(mixture, rows, base, out, count);
}

void mix_more(const Mixture &mixture, float *out, int count) {
    HWY_DYNAMIC_DISPATCH(mix_more_rows)(mixture, out, count);
}

void add_scaled(const float *in, float factor, float *out, int count) {
    HWY_DYNAMIC_DISPATCH(add_scaled_row)(in, factor, out, count);
}

LaplacianSums laplacian_sums(const float *above, const float *row, const float *below, int count) {
    return HWY_DYNAMIC_DISPATCH(sum_laplacian)(above, row, below, count);
}

bool is_finite(const float *in, size_t count) {
    return std::isfinite(HWY_DYNAMIC_DISPATCH(sum_row)(in, count));
}

void interpolate_down(float *above, const float *below, float fraction, int count) {
    HWY_DYNAMIC_DISPATCH(between)(above, below, fraction, count);
}

void interpolate_across(const float *in, const std::vector<Interpolation> &table, int factor,
                        float *out) {
    HWY_DYNAMIC_DISPATCH(stretch)(in, table.data(), static_cast<int>(table.size()), factor, out);
}

void average_across(const float *in, const std::vector<Average> &table, int factor, float *out) {
    HWY_DYNAMIC_DISPATCH(shrink)(in, table.data(), static_cast<int>(table.size()), factor, out);
}

} // namespace deblur
#endif
