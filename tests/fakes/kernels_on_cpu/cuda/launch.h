// Comes before src/cuda/launch.h where a test's include path says so: kernels compiled for the CPU, and run at
// once, one block after the other. The threads of a block take turns: one runs until it waits for the others.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include <cuda_runtime_api.h>

// What nvcc would know. A block's shared memory is that of the one block that runs.
#undef __shared__
#define __shared__ static
inline thread_local uint3 threadIdx, blockIdx;
inline thread_local dim3 blockDim;
void __syncthreads();
float __shfl_xor_sync(unsigned mask, float value, int distance);

namespace deblur::test {

/// Calls thread for every thread of the grid, with the variables above set.
void run_grid(dim3 grid, dim3 block, const std::function<void()> &thread);

} // namespace deblur::test

namespace deblur::cuda {

template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, dim3 block, cudaStream_t, const Arguments &...arguments) {
    test::run_grid(grid, block, [&] { kernel(arguments...); });
}

} // namespace deblur::cuda
