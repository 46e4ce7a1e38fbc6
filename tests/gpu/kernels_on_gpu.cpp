// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gpu/kernel_device.h"

#include <c10/cuda/CUDAFunctions.h>

namespace deblur::test {

bool has_kernel_device() {
    return c10::cuda::device_count() > 0;
}

at::Device kernel_device() {
    return {at::kCUDA, 0};
}

const cuda::CudaOps &kernel_ops() {
    static const cuda::CudaOps ops;
    return ops;
}

} // namespace deblur::test
