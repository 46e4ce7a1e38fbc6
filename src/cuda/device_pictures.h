// Frames in the memory of the GPU that restores them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cuda/caller_context.h"
#include "cuda/kernel_pictures.h"

namespace deblur::cuda {

/// Kernels read and write the caller's planes. Those of a context of its own they cannot be sure to reach: these are
/// copied on the device, before and after.
class DevicePictures : public KernelPictures {
  public:
    /// @throws Error with DEBLUR_NO_DEVICE if the frames are on another GPU
    DevicePictures(const deblur_format &format, int64_t height, int64_t width,
                   std::shared_ptr<const Streams> streams);

  private:
    void prepare(Slot &slot) const override;
    torch::Tensor load(Slot &slot, const deblur_frame &frame) const override;
    void take(Slot &slot, const torch::Tensor &change) const override;
    void fetch(Slot &slot) const override;

    CallerContext caller_;
};

} // namespace deblur::cuda
