// How a kernel is put on a stream: in a header of its own, so that tests can run kernels on the CPU instead
// (tests/fakes/kernels_on_cpu).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <stdexcept>
#include <string>

#include <cuda_runtime_api.h>

namespace deblur::cuda {

/// @throws std::runtime_error if it cannot be put there
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, dim3 block, cudaStream_t stream, const Arguments &...arguments) {
    kernel<<<grid, block, 0, stream>>>(arguments...);
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess)
        throw std::runtime_error(std::string("a kernel cannot be launched: ") + cudaGetErrorString(error));
}

} // namespace deblur::cuda
