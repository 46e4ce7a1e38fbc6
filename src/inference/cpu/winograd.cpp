// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/winograd.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

// Compiled once for each instruction set: Highway includes this file again and again.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "inference/cpu/winograd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/aligned_allocator.h>
#include "inference/cpu/multiply-inl.h"
// clang-format on

#ifndef DEBLUR_INFERENCE_CPU_WINOGRAD
#define DEBLUR_INFERENCE_CPU_WINOGRAD
namespace deblur::cpu {

constexpr int kTile = 6, kPoints = kTile * kTile;

// The transforms interpolate polynomials at 0, +-A, +-B and infinity. These keep whole numbers whole.
constexpr float kA = 1, kB = 2;

struct Winograd::Plan {
    Kernel kernel; // without its weights
    Strip strip;
    bool add;
    Activation activation;
    int outputs;    // m, along a side of a tile
    int padded_out; // channels, as a multiple of what is multiplied at once
    int block;      // tiles that are worked on together
    hwy::AlignedFreeUniquePtr<float[]> weights; // [points][padded_out / panel][in][panel]
    std::vector<float> biases;                  // padded_out

    // Where samples are multiplied as 8-bit codes:
    hwy::AlignedFreeUniquePtr<int16_t[]>
        codes; // [points][padded_out / panel][padded_in / 2][panel][2], instead of weights
    std::vector<float> scales; // [points][padded_out]: of the sums of products
    float per_sample = 0;      // codes
    float low = 0, high = 0;   // codes

    int tiles_across() const { return (strip.out_width + outputs - 1) / outputs; }
    // Floats of a tile's transform, and of its sums. Not multiples of 4 kB, which would meet in the same lines of caches.
    size_t tile_in() const { return static_cast<size_t>(kPoints) * padded_in() + 16; }
    size_t tile_out() const { return static_cast<size_t>(kPoints) * padded_out + 16; }
    int padded_in() const { return (kernel.in + 15) / 16 * 16; }
};

} // namespace deblur::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

size_t panel() {
    return panel_width();
}

// The 6 samples that at(i) gives, evaluated at the points, for put(i, value).
template <class At, class Put>
HWY_ATTR HWY_INLINE void transform_line(const At &at, const Put &put) {
    const auto a = hn::Set(kFloat, kA), b = hn::Set(kFloat, kB);
    const auto a2 = hn::Set(kFloat, kA * kA), b2 = hn::Set(kFloat, kB * kB);
    const auto sum = hn::Set(kFloat, kA * kA + kB * kB),
               product = hn::Set(kFloat, kA * kA * kB * kB);
    const auto d1 = at(1), d2 = at(2), d3 = at(3), d4 = at(4);
    put(0, hn::NegMulAdd(sum, d2, hn::MulAdd(product, at(0), d4)));
    put(5, hn::NegMulAdd(sum, d3, hn::MulAdd(product, d1, at(5))));
    const auto even_a = hn::NegMulAdd(b2, d2, d4), odd_a = hn::NegMulAdd(b2, d1, d3);
    put(1, hn::MulAdd(a, odd_a, even_a));
    put(2, hn::NegMulAdd(a, odd_a, even_a));
    const auto even_b = hn::NegMulAdd(a2, d2, d4), odd_b = hn::NegMulAdd(a2, d1, d3);
    put(3, hn::MulAdd(b, odd_b, even_b));
    put(4, hn::NegMulAdd(b, odd_b, even_b));
}

// Outputs 0 to kOutputs - 1 from the 6 sums that at(i) gives, for put(i, output).
template <int kOutputs, class At, class Put>
HWY_ATTR HWY_INLINE void untransform_line(const At &at, const Put &put) {
    const auto m1 = at(1), m2 = at(2), m3 = at(3), m4 = at(4), last = at(5);
    const auto even_a = hn::Add(m1, m2), odd_a = hn::Sub(m1, m2);
    const auto even_b = hn::Add(m3, m4), odd_b = hn::Sub(m3, m4);
    put(0, hn::Add(at(0), hn::Add(even_a, even_b)));
    float a = kA, b = kB;
    for (int i = 1; i < kOutputs; ++i, a *= kA, b *= kB) {
        const auto y = hn::MulAdd(hn::Set(kFloat, a), i % 2 ? odd_a : even_a,
                                  hn::Mul(hn::Set(kFloat, b), i % 2 ? odd_b : even_b));
        put(i, i == kOutputs - 1 ? hn::Add(y, last) : y);
    }
}

// The samples of one tile, seen from its first row and column. What lies beyond the rows and the map's width is zero.
template <class Number>
HWY_ATTR void transform_tile(const Winograd::Plan &plan, const float *src, int rows, int row,
                             int column, Number *to) {
    constexpr bool is_coded = std::is_same_v<Number, int16_t>;
    const hn::Rebind<Number, Float> number;
    const auto per_sample = hn::Set(kFloat, plan.per_sample);
    const auto low = hn::Set(kFloat, plan.low), high = hn::Set(kFloat, plan.high);
    const int in = plan.kernel.in, width = plan.strip.in_width;
    const size_t lanes = hn::Lanes(kFloat), padded = static_cast<size_t>(plan.padded_in());
    HWY_ALIGN float samples[kPoints * HWY_MAX_BYTES / sizeof(float)];
    HWY_ALIGN float half[kPoints * HWY_MAX_BYTES / sizeof(float)];
    const bool inside = row + kTile <= rows && column >= 0 && column + kTile <= width;
    for (size_t channel = 0; channel < static_cast<size_t>(in); channel += lanes) {
        const size_t count = std::min(lanes, static_cast<size_t>(in) - channel);
        const float *from = src + (static_cast<ptrdiff_t>(row) * width + column) * in + channel;
        const float *lines = from;
        size_t line_stride = static_cast<size_t>(width) * in, stride = static_cast<size_t>(in);
        if (!inside || count < lanes) {
            for (int y = 0; y < kTile; ++y)
                for (int x = 0; x < kTile; ++x) {
                    const bool there = row + y < rows && column + x >= 0 && column + x < width;
                    const float *sample = from + y * line_stride + x * stride;
                    float *copy = samples + (y * kTile + x) * lanes;
                    std::fill_n(copy, lanes, 0.0f);
                    std::copy_n(sample, there ? count : 0, copy);
                }
            lines = samples, line_stride = kTile * lanes, stride = lanes;
        }
        for (int x = 0; x < kTile; ++x)
            transform_line(
                [&](int y) HWY_ATTR {
                    const auto sample = hn::LoadU(kFloat, lines + y * line_stride + x * stride);
                    if constexpr (is_coded) // whole numbers: the transforms are exact
                        return hn::Min(hn::Max(hn::Round(hn::Mul(sample, per_sample)), low), high);
                    else
                        return sample;
                },
                [&](int y, Vector value)
                    HWY_ATTR { hn::Store(value, kFloat, half + (y * kTile + x) * lanes); });
        for (int y = 0; y < kTile; ++y)
            transform_line(
                [&](int x) HWY_ATTR { return hn::Load(kFloat, half + (y * kTile + x) * lanes); },
                [&](int x, Vector value) HWY_ATTR {
                    Number *const at = to + (y * kTile + x) * padded + channel;
                    if constexpr (is_coded)
                        hn::StoreU(hn::DemoteTo(number, hn::NearestInt(value)), number, at);
                    else
                        hn::StoreU(value, number, at);
                });
    }
}

// Outputs of one tile, of which rows and columns lie in the strip.
template <int kOutputs, class Sum>
HWY_ATTR void finish_tile(const Winograd::Plan &plan, const Sum *sums, float *dst, int rows,
                          int columns) {
    const size_t lanes = hn::Lanes(kFloat), out = static_cast<size_t>(plan.kernel.out);
    const size_t padded = static_cast<size_t>(plan.padded_out), line = plan.strip.out_width * out;
    HWY_ALIGN float half[kOutputs * kTile * HWY_MAX_BYTES / sizeof(float)];
    for (size_t channel = 0; channel < out; channel += lanes) {
        const size_t count = std::min(lanes, out - channel);
        for (int x = 0; x < kTile; ++x)
            untransform_line<kOutputs>(
                [&](int y) HWY_ATTR {
                    const size_t point = (y * kTile + x) * padded + channel;
                    const auto sum = hn::LoadU(hn::ScalableTag<Sum>(), sums + point);
                    if constexpr (std::is_same_v<Sum, int32_t>)
                        return hn::Mul(hn::ConvertTo(kFloat, sum),
                                       hn::LoadU(kFloat, plan.scales.data() + point));
                    else
                        return sum;
                },
                [&](int y, Vector value)
                    HWY_ATTR { hn::Store(value, kFloat, half + (y * kTile + x) * lanes); });
        const auto bias = hn::LoadU(kFloat, plan.biases.data() + channel);
        for (int y = 0; y < rows; ++y)
            untransform_line<kOutputs>(
                [&](int x) HWY_ATTR { return hn::Load(kFloat, half + (y * kTile + x) * lanes); },
                [&](int x, Vector value) HWY_ATTR {
                    if (x >= columns)
                        return;
                    finish(hn::Add(value, bias), plan.add, plan.activation,
                           dst + y * line + x * out + channel, count);
                });
    }
}

template <int kOutputs, class Number, class Sum>
HWY_ATTR void run_tiles(const Winograd::Plan &plan, const Number *weights, const float *src,
                        float *dst, int rows, float *scratch) {
    const size_t tile_in = plan.tile_in(), tile_out = plan.tile_out(),
                 padded = static_cast<size_t>(plan.padded_in());
    const size_t across = static_cast<size_t>(plan.tiles_across());
    auto *transforms = reinterpret_cast<Number *>(scratch);
    auto *sums = reinterpret_cast<Sum *>(scratch + plan.block * tile_in);
    const int in = std::is_same_v<Number, float> ? plan.kernel.in : plan.padded_in();
    const int width = static_cast<int>(panel()),
              all = plan.tiles_across() * ((rows + kOutputs - 1) / kOutputs);
    const int in_rows = rows + plan.kernel.size - 1;
    for (int begin = 0; begin < all; begin += plan.block) {
        const int count = std::min(plan.block, all - begin);
        for (int i = 0; i < count; ++i) {
            const int y = (begin + i) / static_cast<int>(across),
                      x = (begin + i) % static_cast<int>(across);
            transform_tile(plan, src, in_rows, y * kOutputs, x * kOutputs - plan.strip.left,
                           transforms + i * tile_in);
        }
        const Number *at = weights;
        for (int point = 0; point < kPoints; ++point)
            for (int channel = 0; channel < plan.padded_out; channel += width, at += width * in)
                for (int i = 0; i < count; i += kTogether) {
                    const Number *const from = transforms + i * tile_in + point * padded;
                    Sum *const to = sums + i * tile_out + point * plan.padded_out + channel;
                    if constexpr (std::is_same_v<Number, float>)
                        multiply(&from, 1, tile_in, in, at, to, tile_out);
                    else
                        multiply(from, tile_in, in, at, to, tile_out);
                }
        for (int i = 0; i < count; ++i) {
            const int y = (begin + i) / static_cast<int>(across) * kOutputs;
            const int x = (begin + i) % static_cast<int>(across) * kOutputs;
            float *to = dst + (static_cast<size_t>(y) * plan.strip.out_width + x) * plan.kernel.out;
            finish_tile<kOutputs>(plan, sums + i * tile_out, to, std::min(kOutputs, rows - y),
                                  std::min(kOutputs, plan.strip.out_width - x));
        }
    }
}

template <int kOutputs>
void run_as_planned(const Winograd::Plan &plan, const float *src, float *dst, int rows,
                    float *scratch) {
    if (plan.codes)
        run_tiles<kOutputs, int16_t, int32_t>(plan, plan.codes.get(), src, dst, rows, scratch);
    else
        run_tiles<kOutputs, float, float>(plan, plan.weights.get(), src, dst, rows, scratch);
}

void run_strip(const Winograd::Plan &plan, const float *src, float *dst, int rows, float *scratch) {
    switch (plan.outputs) {
    case 2:
        return run_as_planned<2>(plan, src, dst, rows, scratch);
    case 4:
        return run_as_planned<4>(plan, src, dst, rows, scratch);
    default:
        return run_as_planned<5>(plan, src, dst, rows, scratch);
    }
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur::cpu {

HWY_EXPORT(panel);
HWY_EXPORT(run_strip);

namespace {

// What a line of r weights is at the points.
std::array<double, kTile> transformed(const std::array<double, kTile> &line, int size) {
    constexpr std::array<double, kTile - 1> points{0, kA, -kA, kB, -kB};
    std::array<double, kTile> result{};
    for (size_t i = 0; i < points.size(); ++i) {
        double divisor = 1, power = 1;
        for (size_t j = 0; j < points.size(); ++j)
            divisor *= i == j ? 1 : points[i] - points[j];
        for (int k = 0; k < size; ++k, power *= points[i])
            result[i] += line[static_cast<size_t>(k)] * power / divisor;
    }
    result[kTile - 1] = line[static_cast<size_t>(size) - 1];
    return result;
}

std::array<double, kPoints> transformed(const float *weights, int size) {
    std::array<std::array<double, kTile>, kTile> columns{};
    for (int y = 0; y < size; ++y) {
        std::array<double, kTile> line{};
        std::copy_n(weights + y * size, size, line.begin());
        line = transformed(line, size);
        for (int x = 0; x < kTile; ++x)
            columns[x][y] = line[x];
    }
    std::array<double, kPoints> result{};
    for (int x = 0; x < kTile; ++x) {
        const auto column = transformed(columns[x], size);
        for (int y = 0; y < kTile; ++y)
            result[y * kTile + x] = column[y];
    }
    return result;
}

// Codes for 1: as many as 16 bits hold, and as let no sum of products leave 32 bits. A sample's transform is at most 100
// times its code, for a row of the transform adds up to 10.
double weight_codes(const std::vector<std::array<double, kPoints>> &values, size_t point,
                    double highest_code) {
    double sum = 1e-20, largest = 1e-20;
    for (const auto &value : values) {
        sum += std::abs(value[point]);
        largest = std::max(largest, std::abs(value[point]));
    }
    const double rounding = 0.5 * static_cast<double>(values.size());
    return std::min(32767 / largest, (2147483647 / (100 * highest_code) - rounding) / sum);
}

} // namespace

Winograd::Winograd(const Kernel &kernel, const Strip &strip, bool add, Activation activation,
                   const Range *range) {
    auto plan = std::make_unique<Plan>();
    const int width = static_cast<int>(HWY_DYNAMIC_DISPATCH(panel)());
    plan->kernel = {kernel.out, kernel.in, kernel.size, {}, {}};
    plan->strip = strip;
    plan->add = add;
    plan->activation = activation;
    plan->outputs = kTile + 1 - kernel.size;
    plan->padded_out = (kernel.out + width - 1) / width * width;
    plan->block = 12;
    plan->biases.assign(kernel.biases.begin(), kernel.biases.end());
    plan->biases.resize(plan->padded_out);
    const size_t panels = plan->padded_out / width;
    const size_t in = range ? plan->padded_in() : kernel.in, size = kPoints * panels * in * width;
    if (range) {
        plan->codes = hwy::AllocateAligned<int16_t>(size);
        std::fill_n(plan->codes.get(), size, static_cast<int16_t>(0));
        plan->scales.resize(kPoints * plan->padded_out);
        const bool is_signed = range->low < 0;
        plan->high = is_signed ? 127 : 255;
        plan->low = is_signed ? -127 : 0;
        plan->per_sample = plan->high / std::max({range->high, -range->low, 1e-20f});
    } else {
        plan->weights = hwy::AllocateAligned<float>(size);
        std::fill_n(plan->weights.get(), size, 0.0f);
    }
    const size_t taps = static_cast<size_t>(kernel.size) * kernel.size;
    std::vector<std::array<double, kPoints>> values(kernel.in);
    const float *from = kernel.weights.data();
    for (int out = 0; out < kernel.out; ++out) {
        for (auto &value : values) {
            value = transformed(from, kernel.size);
            from += taps;
        }
        for (size_t point = 0; point < kPoints; ++point) {
            const size_t first = (point * panels + out / width) * in, lane = out % width;
            if (!range) {
                for (size_t i = 0; i < in; ++i)
                    plan->weights[(first + i) * width + lane] =
                        static_cast<float>(values[i][point]);
                continue;
            }
            const double per_weight = weight_codes(values, point, plan->high);
            plan->scales[point * plan->padded_out + out] =
                static_cast<float>(1 / (per_weight * plan->per_sample));
            for (size_t i = 0; i < values.size(); ++i)
                plan->codes[(first + i / 2 * 2) * width + lane * 2 + i % 2] =
                    static_cast<int16_t>(std::lround(values[i][point] * per_weight));
        }
    }
    plan_ = std::move(plan);
}

Winograd::~Winograd() = default;

bool Winograd::serves(const Kernel &kernel, const Strip &strip) {
    return strip.stride == 1 && (kernel.size == 2 || kernel.size == 3 || kernel.size == 5);
}

size_t Winograd::scratch() const {
    return plan_->block * (plan_->tile_in() + plan_->tile_out());
}

void Winograd::run(const float *src, float *dst, int rows, float *scratch) const {
    HWY_DYNAMIC_DISPATCH(run_strip)(*plan_, src, dst, rows, scratch);
}

} // namespace deblur::cpu
#endif
