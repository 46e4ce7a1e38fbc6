// The fast operations of a GPU: cuDNN's fused convolutions, and kernels of our own.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>

#include <cuda_runtime_api.h>

#include "torch/tensor_ops.h"

namespace deblur::cuda {

/// On the current stream. Where this cuDNN or GPU has no fused convolution, LibTorch's plain ones take
/// over, once and for all.
class CudaOps : public TensorOps {
  public:
    void pack_window(const std::vector<torch::Tensor> &frames, int64_t multiple, int64_t factor,
                     torch::Tensor &out) const override;
    torch::Tensor conv(const torch::Tensor &x, const ConvParameters &parameters,
                       Activation activation, const torch::Tensor &plus) const override;
    torch::Tensor blend(const torch::Tensor &difference, const torch::Tensor &beta,
                        const torch::Tensor &fresh, const torch::Tensor &current,
                        const torch::Tensor &previous) const override;

    torch::Tensor gate(const torch::Tensor &correction, const torch::Tensor &frame,
                       const Gate &gate) const override;

    bool has_fused_convolutions() const { return is_fused_; }

  protected:
    virtual cudaStream_t stream() const;

  private:
    mutable std::atomic<bool> is_fused_{true};
};

} // namespace deblur::cuda
