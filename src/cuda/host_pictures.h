// Frames of integers in host memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cuda/cuda_pictures.h"
#include "cuda/picture_layout.h"

namespace deblur::cuda {

/// Planes go up and down as they are, through page-locked memory; kernels convert.
class HostPictures : public CudaPictures {
  public:
    HostPictures(const deblur_format &format, int64_t height, int64_t width,
                 std::shared_ptr<const Streams> streams);

  private:
    void prepare(Slot &slot) const override;
    torch::Tensor load(Slot &slot, const deblur_frame &frame) const override;
    void take(Slot &slot, const torch::Tensor &correction) const override;
    void fetch(Slot &slot) const override;
    void store(Slot &slot) const override;

    Planes planes_in(const torch::Tensor &block) const;

    PictureLayout layout_;
    PlaneSizes sizes_;
    PlaneBlock block_;
};

} // namespace deblur::cuda
