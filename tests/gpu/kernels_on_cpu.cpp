// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gpu/kernel_device.h"

namespace deblur::test {

namespace {

class OpsOnCpu : public cuda::CudaOps {
    cudaStream_t stream() const override { return nullptr; }
};

} // namespace

bool has_kernel_device() {
    return true;
}

at::Device kernel_device() {
    return at::kCPU;
}

const cuda::CudaOps &kernel_ops() {
    static const OpsOnCpu ops;
    return ops;
}

} // namespace deblur::test
