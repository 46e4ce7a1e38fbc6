// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/gate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

// Compiled once for each instruction set: Highway includes this file again and again. The loops are the
// compiler's to vectorise.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "inference/cpu/gate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

// to = (r + g + b) / 3, with the first and last sample once more beside them.
void mean_row(const float *r, const float *g, const float *b, float *to, int width) {
#pragma omp simd
    for (int x = 0; x < width; ++x)
        to[x + 1] = (r[x] + g[x] + b[x]) * (1.0f / 3);
    to[0] = to[1];
    to[width + 1] = to[width];
}

// Adds the squares of a row's Laplacian; rows as of mean_row().
void add_detail(const float *above, const float *row, const float *below, float *sums, int width) {
#pragma omp simd
    for (int x = 0; x < width; ++x) {
        const float laplacian = above[x + 1] + below[x + 1] + row[x] + row[x + 2] - 4 * row[x + 1];
        sums[x] += laplacian * laplacian;
    }
}

// Adds the mean of three planes' squares.
void add_change(const float *r, const float *g, const float *b, float *sums, int width) {
#pragma omp simd
    for (int x = 0; x < width; ++x)
        sums[x] += (r[x] * r[x] + g[x] * g[x] + b[x] * b[x]) * (1.0f / 3);
}

void multiply(const float *by, float *row, int width) {
#pragma omp simd
    for (int x = 0; x < width; ++x)
        row[x] *= by[x];
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur::cpu {

namespace {

HWY_EXPORT(mean_row);
HWY_EXPORT(add_detail);
HWY_EXPORT(add_change);
HWY_EXPORT(multiply);

// The means of a row's columns, block by block.
void to_blocks(const std::vector<float> &sums, int rows, float *blocks) {
    const int width = static_cast<int>(sums.size());
    for (int begin = 0; begin < width; begin += kGateBlock) {
        const int end = std::min(begin + kGateBlock, width);
        float sum = 0;
        for (int x = begin; x < end; ++x)
            sum += sums[static_cast<size_t>(x)];
        *blocks++ = sum / static_cast<float>(rows * (end - begin));
    }
}

// The blocks within reach of one of count.
struct Around {
    int begin, end;
    Around(int middle, int count)
        : begin(std::max(0, middle - kGateReach)), end(std::min(count, middle + kGateReach + 1)) {}
};

} // namespace

CorrectionGate::CorrectionGate(const Gate &gate, int height, int width)
    : gate_(gate), height_(height), width_(width), block_rows_((height + kGateBlock - 1) / kGateBlock),
      block_columns_((width + kGateBlock - 1) / kGateBlock) {
    const auto blocks = static_cast<size_t>(block_rows_) * static_cast<size_t>(block_columns_);
    for (auto *map : {&change_, &detail_, &row_change_, &row_detail_})
        map->resize(blocks);
    // What stays where there is no threshold.
    strength_.assign(static_cast<size_t>(block_rows_) * static_cast<size_t>(block_columns_ + 2),
                     static_cast<float>(gate.gain));
}

void CorrectionGate::apply(const float *frame, float *correction) {
    const auto for_each_row = [this](const auto &work) {
#pragma omp parallel for schedule(static)
        for (int row = 0; row < block_rows_; ++row)
            work(row);
    };
    if (gate_.threshold > 0) {
        for_each_row([&](int row) { measure_blocks(row, frame, correction); });
        for_each_row([&](int row) { average_rows(row); });
        for_each_row([&](int row) { find_strengths(row); });
    }
    if (gate_.threshold > 0 || gate_.gain != 1)
        for_each_row([&](int row) { scale_rows(row, correction); });
}

void CorrectionGate::measure_blocks(int block_row, const float *frame, const float *correction) {
    const int begin = block_row * kGateBlock, end = std::min(begin + kGateBlock, height_);
    const auto plane = static_cast<size_t>(height_) * static_cast<size_t>(width_);
    const auto offset = [&](int y) {
        return static_cast<size_t>(std::clamp(y, 0, height_ - 1)) * static_cast<size_t>(width_);
    };
    thread_local std::array<std::vector<float>, 3> means; // of three rows
    thread_local std::vector<float> change, detail;
    for (auto &row : means)
        row.resize(static_cast<size_t>(width_) + 2);
    change.assign(static_cast<size_t>(width_), 0);
    detail.assign(static_cast<size_t>(width_), 0);

    const auto mean_of = [&](int y) -> std::vector<float> & { return means[static_cast<size_t>(y + 3) % 3]; };
    const auto make_mean = [&](int y) {
        const float *row = frame + offset(y);
        HWY_DYNAMIC_DISPATCH(mean_row)(row, row + plane, row + 2 * plane, mean_of(y).data(), width_);
    };
    make_mean(begin - 1);
    make_mean(begin);
    for (int y = begin; y < end; ++y) {
        make_mean(y + 1);
        HWY_DYNAMIC_DISPATCH(add_detail)
        (mean_of(y - 1).data(), mean_of(y).data(), mean_of(y + 1).data(), detail.data(), width_);
        const float *row = correction + offset(y);
        HWY_DYNAMIC_DISPATCH(add_change)(row, row + plane, row + 2 * plane, change.data(), width_);
    }
    const size_t first = static_cast<size_t>(block_row) * static_cast<size_t>(block_columns_);
    to_blocks(change, end - begin, &change_[first]);
    to_blocks(detail, end - begin, &detail_[first]);
}

void CorrectionGate::average_rows(int block_row) {
    const size_t first = static_cast<size_t>(block_row) * static_cast<size_t>(block_columns_);
    for (int column = 0; column < block_columns_; ++column) {
        const Around around(column, block_columns_);
        float change = 0, detail = 0;
        for (int i = around.begin; i < around.end; ++i) {
            change += change_[first + static_cast<size_t>(i)];
            detail += detail_[first + static_cast<size_t>(i)];
        }
        const auto count = static_cast<float>(around.end - around.begin);
        row_change_[first + static_cast<size_t>(column)] = change / count;
        row_detail_[first + static_cast<size_t>(column)] = detail / count;
    }
}

void CorrectionGate::find_strengths(int block_row) {
    const Around around(block_row, block_rows_);
    const auto threshold = static_cast<float>(std::pow(gate_.threshold, 4));
    const auto gain = static_cast<float>(gate_.gain), floor = static_cast<float>(kGateFloor);
    float *strength = &strength_[static_cast<size_t>(block_row) * static_cast<size_t>(block_columns_ + 2)];
    for (int column = 0; column < block_columns_; ++column) {
        float change = 0, detail = 0;
        for (int row = around.begin; row < around.end; ++row) {
            const size_t block = static_cast<size_t>(row) * static_cast<size_t>(block_columns_) +
                                 static_cast<size_t>(column);
            change += row_change_[block];
            detail += row_detail_[block];
        }
        const auto count = static_cast<float>(around.end - around.begin);
        const float ratio = (change / count) / (detail / count + floor);
        strength[column + 1] = gain * ratio * ratio / (ratio * ratio + threshold);
    }
    strength[0] = strength[1];
    strength[block_columns_ + 1] = strength[block_columns_];
}

// Bilinear between the centres of blocks.
void CorrectionGate::scale_rows(int block_row, float *correction) const {
    const auto side = static_cast<size_t>(block_columns_) + 2;
    const auto plane = static_cast<size_t>(height_) * static_cast<size_t>(width_);
    const auto share = [](int i) { return (static_cast<float>(i) + 0.5f) / kGateBlock - 0.5f; }; // of the way
    thread_local std::vector<float> blocks, row;
    blocks.resize(side);
    row.resize(static_cast<size_t>(block_columns_) * kGateBlock);
    const int begin = block_row * kGateBlock, end = std::min(begin + kGateBlock, height_);
    for (int y = begin; y < end; ++y) {
        const float way = share(y - begin);
        const int other_row = std::clamp(way < 0 ? block_row - 1 : block_row + 1, 0, block_rows_ - 1);
        const float *near = &strength_[static_cast<size_t>(block_row) * side];
        const float *far = &strength_[static_cast<size_t>(other_row) * side];
        for (size_t i = 0; i < side; ++i)
            blocks[i] = near[i] + std::abs(way) * (far[i] - near[i]);
        for (int block = 0; block < block_columns_; ++block) {
            const float *at = &blocks[static_cast<size_t>(block) + 1];
            float *to = &row[static_cast<size_t>(block) * kGateBlock];
            const float left = at[-1] - at[0], right = at[1] - at[0];
            for (int i = 0; i < kGateBlock / 2; ++i)
                to[i] = at[0] - share(i) * left;
            for (int i = kGateBlock / 2; i < kGateBlock; ++i)
                to[i] = at[0] + share(i) * right;
        }
        for (size_t colour = 0; colour < 3; ++colour)
            HWY_DYNAMIC_DISPATCH(multiply)
        (row.data(), correction + colour * plane + static_cast<size_t>(y) * static_cast<size_t>(width_), width_);
    }
}

} // namespace deblur::cpu
#endif
