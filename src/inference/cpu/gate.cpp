// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/gate.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "inference/cpu/threads.h"

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

// to = (r + g + b) / 3, with the first and last sample kGateSpan times more beside them.
void gray_row(const float *r, const float *g, const float *b, float *to, int width) {
#pragma omp simd
    for (int x = 0; x < width; ++x)
        to[kGateSpan + x] = (r[x] + g[x] + b[x]) * (1.0f / 3);
    for (int i = 0; i < kGateSpan; ++i) {
        to[i] = to[kGateSpan];
        to[kGateSpan + width + i] = to[kGateSpan + width - 1];
    }
}

// Adds a row's measures but for kChange to sums, those of a measure after each other. Rows as of gray_row(): five of the
// frame and of the correction, of which the third counts.
void add_measures(const float *const *frame, const float *const *correction, float *sums, int width) {
    const auto add_differences = [&](const float *const *rows, int distance, int measure) {
        const float *const above = rows[kGateSpan - distance] + kGateSpan;
        const float *const row = rows[kGateSpan] + kGateSpan;
        const float *const below = rows[kGateSpan + distance] + kGateSpan;
        float *const to = sums + static_cast<ptrdiff_t>(measure) * width;
#pragma omp simd
        for (int x = 0; x < width; ++x) {
            const float across = row[x + distance] - row[x - distance], down = below[x] - above[x];
            const float falling = below[x + distance] - above[x - distance];
            const float rising = above[x + distance] - below[x - distance];
            to[x] += across * across;
            to[width + x] += down * down;
            to[2 * width + x] += falling * falling;
            to[3 * width + x] += rising * rising;
        }
    };
    add_differences(correction, 1, kCorrectionNear);
    add_differences(frame, 1, kNear);
    add_differences(frame, 2, kFar);
    const float *const above = frame[kGateSpan - 1] + kGateSpan;
    const float *const row = frame[kGateSpan] + kGateSpan;
    const float *const below = frame[kGateSpan + 1] + kGateSpan;
    const float *const change = correction[kGateSpan] + kGateSpan;
    float *const detail = sums + static_cast<ptrdiff_t>(kDetail) * width;
    float *const cross = sums + static_cast<ptrdiff_t>(kCross) * width;
#pragma omp simd
    for (int x = 0; x < width; ++x) {
        const float laplacian = above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x];
        detail[x] += laplacian * laplacian;
        cross[x] += change[x] * laplacian;
    }
}

// The sums of kGateBlock columns each; width is a multiple of that.
void sum_columns(const float *columns, int width, float *sums, int distance) {
    for (int begin = 0; begin < width; begin += kGateBlock) {
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int x = begin; x < begin + kGateBlock; ++x)
            sum += columns[x];
        *sums = sum;
        sums += distance;
    }
}

void add(const float *from, float *to, int count) {
#pragma omp simd
    for (int i = 0; i < count; ++i)
        to[i] += from[i];
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

HWY_EXPORT(gray_row);
HWY_EXPORT(add_measures);
HWY_EXPORT(add_change);
HWY_EXPORT(sum_columns);
HWY_EXPORT(add);
HWY_EXPORT(multiply);

constexpr int kRows = 2 * kGateSpan + 1;

// Gray rows of a picture around one that moves down.
class GrayRows {
  public:
    GrayRows(const float *picture, int height, int width, std::vector<float> &memory)
        : picture_(picture), height_(height), width_(width), memory_(memory) {
        memory_.resize(static_cast<size_t>(kRows) * row_size());
    }

    // The rows around y. y is one more than the last time, or this is the first.
    const float *const *around(int y) {
        for (int row = is_first_ ? y - kGateSpan : y + kGateSpan; row <= y + kGateSpan; ++row)
            make(row);
        is_first_ = false;
        for (int i = 0; i < kRows; ++i)
            rows_[static_cast<size_t>(i)] = row_at(y - kGateSpan + i);
        return rows_.data();
    }

  private:
    size_t row_size() const { return static_cast<size_t>(width_ + 2 * kGateSpan); }
    float *row_at(int y) { return &memory_[static_cast<size_t>((y + kRows) % kRows) * row_size()]; }
    void make(int y) {
        const auto plane = static_cast<size_t>(height_) * static_cast<size_t>(width_);
        const float *row =
            picture_ + static_cast<size_t>(std::clamp(y, 0, height_ - 1)) * static_cast<size_t>(width_);
        HWY_DYNAMIC_DISPATCH(gray_row)(row, row + plane, row + 2 * plane, row_at(y), width_);
    }

    const float *picture_;
    int height_, width_;
    std::vector<float> &memory_;
    std::array<const float *, kRows> rows_{};
    bool is_first_ = true;
};

void add(const GateMeasures *from, GateMeasures *to, int count) {
    HWY_DYNAMIC_DISPATCH(add)(from->value, to->value, count * kGateMeasures);
}

// How many of count blocks lie within reach of one.
int around(int middle, int count) {
    return std::min(count, middle + kGateReach + 1) - std::max(0, middle - kGateReach);
}

} // namespace

CorrectionGate::CorrectionGate(const Gate &gate, int height, int width)
    : gate_(gate), height_(height), width_(width), block_rows_((height + kGateBlock - 1) / kGateBlock),
      block_columns_((width + kGateBlock - 1) / kGateBlock) {
    if (gate_.decision)
        for (auto *map : {&measures_, &row_sums_})
            map->resize(first_block(block_rows_));
    // What stays where nothing is decided.
    strength_.assign(static_cast<size_t>(block_rows_) * static_cast<size_t>(block_columns_ + 2),
                     static_cast<float>(gate.gain));
}

size_t CorrectionGate::first_block(int block_row) const {
    return static_cast<size_t>(block_row) * static_cast<size_t>(block_columns_);
}

void CorrectionGate::apply(const float *frame, float *correction) {
    const auto for_each_row = [this](const auto &work) {
        parallel_ranges(0, block_rows_, [&](int begin, int end) {
            for (int row = begin; row < end; ++row)
                work(row);
        });
    };
    if (gate_.decision) {
        for_each_row([&](int row) { measure_blocks(row, frame, correction); });
        for_each_row([&](int row) { sum_rows(row); });
        for_each_row([&](int row) { find_strengths(row); });
    }
    if (gate_.decision || gate_.gain != 1)
        for_each_row([&](int row) { scale_rows(row, correction); });
}

// Of each block: the mean over its pixels.
void CorrectionGate::measure_blocks(int block_row, const float *frame, const float *correction) {
    const int begin = block_row * kGateBlock, end = std::min(begin + kGateBlock, height_);
    const auto width = static_cast<size_t>(width_), plane = static_cast<size_t>(height_) * width;
    thread_local std::array<std::vector<float>, 2> rows;
    thread_local std::vector<float> columns;
    GrayRows gray(frame, height_, width_, rows[0]), change(correction, height_, width_, rows[1]);
    columns.assign(kGateMeasures * width, 0);
    for (int y = begin; y < end; ++y) {
        HWY_DYNAMIC_DISPATCH(add_measures)(gray.around(y), change.around(y), columns.data(), width_);
        const float *row = correction + static_cast<size_t>(y) * width;
        HWY_DYNAMIC_DISPATCH(add_change)(row, row + plane, row + 2 * plane, &columns[kChange * width], width_);
    }
    GateMeasures *const blocks = &measures_[first_block(block_row)];
    const int whole = width_ / kGateBlock * kGateBlock;
    for (int measure = 0; measure < kGateMeasures; ++measure) {
        const float *const of_measure = &columns[static_cast<size_t>(measure) * width];
        HWY_DYNAMIC_DISPATCH(sum_columns)(of_measure, whole, &blocks->value[measure], kGateMeasures);
        if (whole < width_)
            blocks[block_columns_ - 1].value[measure] = std::accumulate(of_measure + whole, of_measure + width_, 0.0f);
    }
    for (int column = 0; column < block_columns_; ++column)
        blocks[column] = blocks[column].over((end - begin) * std::min(kGateBlock, width_ - column * kGateBlock));
}

// Over the blocks beside each: their sums.
void CorrectionGate::sum_rows(int block_row) {
    const GateMeasures *const from = &measures_[first_block(block_row)];
    GateMeasures *const to = &row_sums_[first_block(block_row)];
    std::copy(from, from + block_columns_, to);
    for (int distance = 1; distance <= std::min(kGateReach, block_columns_ - 1); ++distance) {
        add(from, to + distance, block_columns_ - distance);
        add(from + distance, to, block_columns_ - distance);
    }
}

// Over the rows of blocks around one.
void CorrectionGate::find_strengths(int block_row) {
    thread_local std::vector<GateMeasures> sums;
    sums.assign(static_cast<size_t>(block_columns_), {});
    const int first = std::max(0, block_row - kGateReach), rows = around(block_row, block_rows_);
    for (int row = first; row < first + rows; ++row)
        add(&row_sums_[first_block(row)], sums.data(), block_columns_);
    float *strength = &strength_[static_cast<size_t>(block_row) * static_cast<size_t>(block_columns_ + 2)];
    for (int column = 0; column < block_columns_; ++column) {
        const auto mean = sums[static_cast<size_t>(column)].over(rows * around(column, block_columns_));
        strength[column + 1] =
            static_cast<float>(gate_.gain) * gate_trust(*gate_.decision, gate_features(mean));
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
