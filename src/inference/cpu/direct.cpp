// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/direct.h"

#include <algorithm>
#include <array>
#include <vector>

// Compiled once for each instruction set: Highway includes this file again and again.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "inference/cpu/direct.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/aligned_allocator.h>
#include "inference/cpu/multiply-inl.h"
// clang-format on

#ifndef DEBLUR_INFERENCE_CPU_DIRECT
#define DEBLUR_INFERENCE_CPU_DIRECT
namespace deblur::cpu {

constexpr size_t kMostTaps = (2 * kMargin + 1) * (2 * kMargin + 1);

struct DirectConvolution::Plan {
    int in, out, size;
    Strip strip;
    bool add;
    Activation activation;
    size_t panels, panel_size;                  // the latter in floats of weights
    hwy::AlignedFreeUniquePtr<float[]> weights; // [panel][tap][in][channels of the panel]
    std::vector<float> biases;                  // as many as the panels have channels
};

} // namespace deblur::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

size_t panel() {
    return panel_width();
}

using Taps = std::array<const float *, kMostTaps>;

// What each tap of kTogether outputs from column x on reads: where it lies, or, where some of it lies outside of the map,
// copies. Returns how far apart the positions are.
HWY_ATTR size_t find_taps(const DirectConvolution::Plan &plan, const float *row, int x,
                          float *copies, Taps &taps) {
    const int stride = plan.strip.stride, width = plan.strip.in_width;
    const int first = x * stride - plan.strip.left,
              last = first + (kTogether - 1) * stride + plan.size;
    const bool is_inside = first >= 0 && last <= width;
    const auto in = static_cast<size_t>(plan.in);
    const size_t line = static_cast<size_t>(width) * in;
    for (int v = 0, tap = 0; v < plan.size; ++v)
        for (int u = 0; u < plan.size; ++u, ++tap) {
            const float *const from = row + static_cast<size_t>(v) * line;
            if (is_inside) {
                taps[tap] = from + static_cast<size_t>(first + u) * in;
                continue;
            }
            taps[tap] = copies;
            for (int i = 0; i < kTogether; ++i, copies += in) {
                const int column = first + i * stride + u;
                if (column >= 0 && column < width)
                    std::copy_n(from + static_cast<size_t>(column) * in, in, copies);
                else
                    std::fill_n(copies, in, 0.0f);
            }
        }
    return is_inside ? static_cast<size_t>(stride) * in : in;
}

HWY_ATTR void run_strip(const DirectConvolution::Plan &plan, const float *src, float *dst, int rows,
                        float *scratch) {
    const size_t lanes = hn::Lanes(kFloat), width = panel();
    const auto out = static_cast<size_t>(plan.out);
    HWY_ALIGN float sums[kTogether * 2 * HWY_MAX_BYTES / sizeof(float)];
    Taps taps;
    for (int y = 0; y < rows; ++y) {
        const float *row =
            src + static_cast<size_t>(y * plan.strip.stride) * plan.strip.in_width * plan.in;
        for (int x = 0; x < plan.strip.out_width; x += kTogether) {
            const size_t step = find_taps(plan, row, x, scratch, taps);
            const int count = std::min(kTogether, plan.strip.out_width - x);
            for (size_t i = 0; i < plan.panels; ++i) {
                multiply(taps.data(), plan.size * plan.size, step, plan.in,
                         plan.weights.get() + i * plan.panel_size, sums, width);
                for (size_t channel = i * width, half = 0; half < width && channel < out;
                     channel += lanes, half += lanes) {
                    const auto bias = hn::LoadU(kFloat, plan.biases.data() + channel);
                    float *to =
                        dst + (static_cast<size_t>(y) * plan.strip.out_width + x) * out + channel;
                    for (int k = 0; k < count; ++k, to += out)
                        finish(hn::Add(hn::LoadU(kFloat, sums + k * width + half), bias), plan.add,
                               plan.activation, to, std::min(lanes, out - channel));
                }
            }
        }
    }
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur::cpu {

HWY_EXPORT(panel);
HWY_EXPORT(run_strip);

DirectConvolution::DirectConvolution(const Kernel &kernel, const Strip &strip, bool add,
                                     Activation activation) {
    const size_t width = HWY_DYNAMIC_DISPATCH(panel)();
    const size_t taps = static_cast<size_t>(kernel.size) * kernel.size,
                 in = static_cast<size_t>(kernel.in);
    const size_t panels = (static_cast<size_t>(kernel.out) + width - 1) / width;
    auto plan = std::make_unique<Plan>(
        Plan{kernel.in, kernel.out, kernel.size, strip, add, activation, panels, taps * in * width,
             hwy::AllocateAligned<float>(panels * taps * in * width), kernel.biases});
    plan->biases.resize(panels * width);
    std::fill_n(plan->weights.get(), panels * plan->panel_size, 0.0f);
    const float *from = kernel.weights.data();
    for (size_t out = 0; out < static_cast<size_t>(kernel.out); ++out)
        for (size_t i = 0; i < in; ++i)
            for (size_t tap = 0; tap < taps; ++tap)
                plan->weights[out / width * plan->panel_size + (tap * in + i) * width +
                              out % width] = *from++;
    plan_ = std::move(plan);
}

DirectConvolution::~DirectConvolution() = default;

size_t DirectConvolution::scratch() const {
    return static_cast<size_t>(plan_->size) * plan_->size * 6 * plan_->in;
}

void DirectConvolution::run(const float *src, float *dst, int rows, float *scratch) const {
    HWY_DYNAMIC_DISPATCH(run_strip)(*plan_, src, dst, rows, scratch);
}

} // namespace deblur::cpu
#endif
