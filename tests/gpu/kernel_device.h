// Where kernels run: on a GPU (kernels_on_gpu.cpp), or compiled for the CPU (kernels_on_cpu.cpp).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

#include "cuda/cuda_ops.h"

namespace deblur::test {

bool has_kernel_device();
at::Device kernel_device();
const cuda::CudaOps &kernel_ops();

} // namespace deblur::test
