// Memory that crosses between host and GPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <ATen/ATen.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>

namespace deblur::cuda {

inline at::Tensor page_locked(int64_t elements, at::ScalarType type) {
    return at::empty({elements}, at::TensorOptions(type).pinned_memory(true));
}

/// Puts a copy on the stream, between host and GPU or on the GPU.
inline void copy(const at::Tensor &to, const at::Tensor &from,
                 const c10::cuda::CUDAStream &stream) {
    C10_CUDA_CHECK(cudaMemcpyAsync(to.data_ptr(), from.data_ptr(), from.nbytes(), cudaMemcpyDefault,
                                   stream.stream()));
}

} // namespace deblur::cuda
