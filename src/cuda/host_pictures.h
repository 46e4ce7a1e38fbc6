// Frames of integers in host memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cuda/kernel_pictures.h"

namespace deblur::cuda {

/// Planes go up and down as they are, through page-locked memory; kernels convert.
class HostPictures : public KernelPictures {
  public:
    using KernelPictures::KernelPictures;

  private:
    void prepare(Slot &slot) const override;
    torch::Tensor load(Slot &slot, const deblur_frame &frame) const override;
    void take(Slot &slot, const torch::Tensor &change) const override;
    void fetch(Slot &slot) const override;
    void store(Slot &slot) const override;
};

} // namespace deblur::cuda
