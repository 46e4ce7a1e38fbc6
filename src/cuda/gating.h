// The gate of network/gate.h, for one pixel or block at a time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include "base/portable.h"
#include "cuda/samples.h"
#include "network/gate_shape.h"

namespace deblur::cuda {

/// A gate that decides, for pictures of one size: three planes of height x width float32.
struct GateLayout {
    int height, width;
    int block_rows, block_columns; ///< of kGateBlock pixels a side, those at the far ends smaller
    float gain;
    GateDecision decision;
};

/// @param gate with a decision
inline GateLayout gate_layout(const Gate &gate, int height, int width) {
    return {height,
            width,
            (height + kGateBlock - 1) / kGateBlock,
            (width + kGateBlock - 1) / kGateBlock,
            static_cast<float>(gate.gain),
            gate.decision.value()};
}

/// Where a pixel's value is in each of the three planes, and how far these are apart.
DEBLUR_PORTABLE ptrdiff_t place_of(const GateLayout &g, int y, int x) {
    return ptrdiff_t{y} * g.width + x;
}
DEBLUR_PORTABLE ptrdiff_t plane_of(const GateLayout &g) {
    return ptrdiff_t{g.width} * g.height;
}

/// The mean of R, G and B; beyond the edges that of the nearest pixel.
DEBLUR_PORTABLE float gray_at(const GateLayout &g, const float *rgb, int y, int x) {
    const ptrdiff_t plane = plane_of(g);
    const float *const at = rgb + place_of(g, between(0, y, g.height - 1), between(0, x, g.width - 1));
    return (at[0] + at[plane] + at[2 * plane]) * (1.0f / 3);
}

/// Of one pixel.
DEBLUR_PORTABLE GateMeasures measure_pixel(const GateLayout &g, const float *frame, const float *correction, int y,
                                           int x) {
    const auto squared_difference = [&](const float *rgb, GateDirection d) {
        const float difference = gray_at(g, rgb, y + d.y, x + d.x) - gray_at(g, rgb, y - d.y, x - d.x);
        return difference * difference;
    };
    const float laplacian = gray_at(g, frame, y - 1, x) + gray_at(g, frame, y + 1, x) + gray_at(g, frame, y, x - 1) +
                            gray_at(g, frame, y, x + 1) - 4 * gray_at(g, frame, y, x);
    const ptrdiff_t plane = plane_of(g);
    const float *const at = correction + place_of(g, y, x);
    const float change = at[0] * at[0] + at[plane] * at[plane] + at[2 * plane] * at[2 * plane];
    GateMeasures measures;
    measures.value[kChange] = change * (1.0f / 3);
    measures.value[kDetail] = laplacian * laplacian;
    measures.value[kCross] = gray_at(g, correction, y, x) * laplacian;
    for (int i = 0; i < 4; ++i) {
        const GateDirection d = gate_direction(i);
        measures.value[kCorrectionNear + i] = squared_difference(correction, d);
        measures.value[kNear + i] = squared_difference(frame, d);
        measures.value[kFar + i] = squared_difference(frame, {2 * d.x, 2 * d.y});
    }
    return measures;
}

/// How many pixels a block has.
DEBLUR_PORTABLE int pixels_of_block(const GateLayout &g, int row, int column) {
    return smaller(kGateBlock, g.height - row * kGateBlock) *
           smaller(kGateBlock, g.width - column * kGateBlock);
}

/// The mean over a line of count blocks within reach of block number middle, each step elements after the one before.
DEBLUR_PORTABLE GateMeasures mean_of_line(const GateMeasures *line, ptrdiff_t step, int middle, int count) {
    const int begin = larger(0, middle - kGateReach), end = smaller(count, middle + kGateReach + 1);
    GateMeasures sum{};
    for (int i = begin; i < end; ++i)
        sum.add(line[i * step]);
    return sum.over(end - begin);
}

/// What remains of a correction in such surroundings.
DEBLUR_PORTABLE float gate_strength(const GateLayout &g, const GateMeasures &surroundings) {
    return g.gain * gate_trust(g.decision, gate_features(surroundings));
}

/// The strength at a pixel, from those of the blocks: linear between their centres.
DEBLUR_PORTABLE float strength_at(const GateLayout &g, const float *strengths, int y, int x) {
    constexpr float centre = (kGateBlock - 1) / 2.0f;
    const Neighbours v = neighbours({kGateBlock, centre, g.height, g.block_rows}, y);
    const Neighbours h = neighbours({kGateBlock, centre, g.width, g.block_columns}, x);
    const ptrdiff_t columns = g.block_columns;
    const float *const above = strengths + v.first * columns;
    const float *const below = strengths + v.second * columns;
    const float left = above[h.first] + v.fraction * (below[h.first] - above[h.first]);
    const float right = above[h.second] + v.fraction * (below[h.second] - above[h.second]);
    return left + h.fraction * (right - left);
}

} // namespace deblur::cuda
