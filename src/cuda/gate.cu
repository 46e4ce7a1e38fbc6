// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/grid.h"
#include "cuda/kernels.h"
#include "cuda/launch.h"

namespace deblur::cuda {

namespace {

constexpr int kSide = kGateBlock;
constexpr int kAbreast = kBlock.x / kSide; // the gate's blocks that a block of threads measures
static_assert(kBlock.x % kSide == 0 && kBlock.y == kSide && kSide <= 32 &&
                  (kSide & (kSide - 1)) == 0,
              "threads of a row of a block lie in one warp");

__device__ int column_of_thread() {
    return blockIdx.x * blockDim.x + threadIdx.x;
}
__device__ int row_of_thread() {
    return blockIdx.y * blockDim.y + threadIdx.y;
}

// Over the threads that have the same row of a block.
__device__ GateMeasures sum_of_row(GateMeasures measures) {
    for (int distance = kSide / 2; distance > 0; distance /= 2)
        for (float &value : measures.value)
            value += __shfl_xor_sync(~0u, value, distance);
    return measures;
}

__global__ void measure_blocks(GateLayout g, const float *frame, const float *correction,
                               GateMeasures *measures) {
    __shared__ GateMeasures rows[kSide][kAbreast];
    const int x = column_of_thread(), y = row_of_thread();
    GateMeasures sum{};
    if (x < g.width && y < g.height)
        sum = measure_pixel(g, frame, correction, y, x);
    sum = sum_of_row(sum);
    if (threadIdx.x % kSide == 0)
        rows[threadIdx.y][threadIdx.x / kSide] = sum;
    __syncthreads();
    const int row = blockIdx.y, column = blockIdx.x * kAbreast + threadIdx.x;
    if (threadIdx.y > 0 || threadIdx.x >= kAbreast || column >= g.block_columns)
        return;
    sum = {};
    for (int i = 0; i < kSide; ++i)
        sum.add(rows[i][threadIdx.x]);
    measures[row * g.block_columns + column] = sum.over(pixels_of_block(g, row, column));
}

__global__ void average_rows(GateLayout g, const GateMeasures *measures, GateMeasures *averages) {
    const int column = column_of_thread(), row = row_of_thread();
    if (column >= g.block_columns || row >= g.block_rows)
        return;
    averages[row * g.block_columns + column] =
        mean_of_line(measures + row * g.block_columns, 1, column, g.block_columns);
}

__global__ void find_strengths(GateLayout g, const GateMeasures *averages, float *strengths) {
    const int column = column_of_thread(), row = row_of_thread();
    if (column >= g.block_columns || row >= g.block_rows)
        return;
    strengths[row * g.block_columns + column] =
        gate_strength(g, mean_of_line(averages + column, g.block_columns, row, g.block_rows));
}

__global__ void scale_pixels(GateLayout g, const float *strengths, const float *correction,
                             float *out) {
    const int x = column_of_thread(), y = row_of_thread();
    if (x >= g.width || y >= g.height)
        return;
    const float strength = strength_at(g, strengths, y, x);
    const ptrdiff_t plane = plane_of(g), at = place_of(g, y, x);
    for (int k = 0; k < 3; ++k)
        out[at + k * plane] = strength * correction[at + k * plane];
}

} // namespace

void gate_correction(const GateLayout &g, const float *frame, const float *correction,
                     float *scratch, float *out, cudaStream_t stream) {
    const ptrdiff_t count = ptrdiff_t{g.block_rows} * g.block_columns;
    auto *const measures = reinterpret_cast<GateMeasures *>(scratch);
    auto *const averages = measures + count;
    const dim3 over_pixels = blocks(g.width, g.height),
               over_blocks = blocks(g.block_columns, g.block_rows);
    launch(measure_blocks, over_pixels, kBlock, stream, g, frame, correction, measures);
    launch(average_rows, over_blocks, kBlock, stream, g, measures, averages);
    float *const strengths = scratch; // nobody needs the measures any more
    launch(find_strengths, over_blocks, kBlock, stream, g, averages, strengths);
    launch(scale_pixels, over_pixels, kBlock, stream, g, strengths, correction, out);
}

} // namespace deblur::cuda
