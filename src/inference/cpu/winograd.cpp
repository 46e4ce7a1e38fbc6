// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/winograd.h"

#include <algorithm>
#include <array>
#include <cmath>
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

// The transforms interpolate polynomials at 0, +-A, +-B and infinity: these lose the least precision.
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

// The 6 samples at from, stride apart, evaluated at the points.
HWY_ATTR HWY_INLINE void transform_line(const float *from, size_t stride, float *to,
                                        size_t to_stride) {
    const auto at = [&](int i) HWY_ATTR { return hn::LoadU(kFloat, from + i * stride); };
    const auto put = [&](int i, Vector x) HWY_ATTR { hn::StoreU(x, kFloat, to + i * to_stride); };
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

// Outputs 0 to kOutputs - 1 from the 6 sums at from, stride apart, given to put(i, output).
template <int kOutputs, class Put>
HWY_ATTR HWY_INLINE void untransform_line(const float *from, size_t stride, const Put &put) {
    const auto at = [&](int i) HWY_ATTR { return hn::LoadU(kFloat, from + i * stride); };
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
HWY_ATTR void transform_tile(const Winograd::Plan &plan, const float *src, int rows, int row,
                             int column, float *to) {
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
            transform_line(lines + x * stride, line_stride, half + x * lanes, kTile * lanes);
        for (int y = 0; y < kTile; ++y)
            transform_line(half + y * kTile * lanes, lanes, to + y * kTile * padded + channel,
                           padded);
    }
}

// Outputs of one tile, of which rows and columns lie in the strip.
template <int kOutputs>
HWY_ATTR void finish_tile(const Winograd::Plan &plan, const float *sums, float *dst, int rows,
                          int columns) {
    const size_t lanes = hn::Lanes(kFloat), out = static_cast<size_t>(plan.kernel.out);
    const size_t padded = static_cast<size_t>(plan.padded_out), line = plan.strip.out_width * out;
    HWY_ALIGN float half[kOutputs * kTile * HWY_MAX_BYTES / sizeof(float)];
    for (size_t channel = 0; channel < out; channel += lanes) {
        const size_t count = std::min(lanes, out - channel);
        for (int x = 0; x < kTile; ++x)
            untransform_line<kOutputs>(sums + x * padded + channel, kTile * padded,
                                       [&](int y, Vector value) HWY_ATTR {
                                           hn::Store(value, kFloat, half + (y * kTile + x) * lanes);
                                       });
        const auto bias = hn::LoadU(kFloat, plan.biases.data() + channel);
        for (int y = 0; y < rows; ++y)
            untransform_line<kOutputs>(half + y * kTile * lanes, lanes,
                                       [&](int x, Vector value) HWY_ATTR {
                                           if (x >= columns)
                                               return;
                                           finish(hn::Add(value, bias), plan.add, plan.activation,
                                                  dst + y * line + x * out + channel, count);
                                       });
    }
}

template <int kOutputs>
HWY_ATTR void run_tiles(const Winograd::Plan &plan, const float *src, float *dst, int rows,
                        float *scratch) {
    const size_t tile_in = plan.tile_in(), tile_out = plan.tile_out(),
                 padded = static_cast<size_t>(plan.padded_in());
    const size_t across = static_cast<size_t>(plan.tiles_across());
    float *transforms = scratch, *sums = scratch + plan.block * tile_in;
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
        const float *weights = plan.weights.get();
        for (int point = 0; point < kPoints; ++point)
            for (int channel = 0; channel < plan.padded_out;
                 channel += width, weights += width * plan.kernel.in)
                for (int i = 0; i < count; i += kTogether) {
                    const float *from = transforms + i * tile_in + point * padded;
                    multiply(&from, 1, tile_in, plan.kernel.in, weights,
                             sums + i * tile_out + point * plan.padded_out + channel, tile_out);
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

void run_strip(const Winograd::Plan &plan, const float *src, float *dst, int rows, float *scratch) {
    switch (plan.outputs) {
    case 2:
        return run_tiles<2>(plan, src, dst, rows, scratch);
    case 4:
        return run_tiles<4>(plan, src, dst, rows, scratch);
    default:
        return run_tiles<5>(plan, src, dst, rows, scratch);
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

} // namespace

Winograd::Winograd(const Kernel &kernel, const Strip &strip, bool add, Activation activation) {
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
    const size_t size = static_cast<size_t>(kPoints) * plan->padded_out * kernel.in;
    plan->weights = hwy::AllocateAligned<float>(size);
    std::fill_n(plan->weights.get(), size, 0.0f);
    for (int out = 0; out < kernel.out; ++out)
        for (int in = 0; in < kernel.in; ++in) {
            const size_t taps = static_cast<size_t>(kernel.size) * kernel.size;
            const auto values = transformed(kernel.weights.data() +
                                                (static_cast<size_t>(out) * kernel.in + in) * taps,
                                            kernel.size);
            const size_t panels = plan->padded_out / width;
            for (size_t point = 0; point < kPoints; ++point)
                plan->weights[((point * panels + out / width) * kernel.in + in) * width +
                              out % width] = static_cast<float>(values[point]);
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
