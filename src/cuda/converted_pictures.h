// Frames in host memory of formats that kernels do not know.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cuda/cuda_pictures.h"
#include "picture/converter.h"
#include "torch/image_tensor.h"

namespace deblur::cuda {

/// The CPU converts; RGB goes up, and the correction or the map comes down.
class ConvertedPictures : public CudaPictures {
  public:
    ConvertedPictures(const deblur_format &format, int64_t height, int64_t width,
                      std::shared_ptr<const Streams> streams)
        : CudaPictures(format, height, width, std::move(streams)), converter_(format) {}

  private:
    torch::Tensor load(Slot &, const deblur_frame &frame) const override {
        return to_tensor(converter_.read(frame)).to(streams_->reading.device());
    }
    void take(Slot &slot, const torch::Tensor &change) const override {
        slot.change = change.clone(); // the next step overwrites it
    }
    void store(Slot &slot) const override {
        const Image change = to_image(slot.change.to(at::kCPU).contiguous());
        slot.shows_map ? converter_.show(slot.frame, change) : converter_.correct(slot.frame, change);
    }

    Converter converter_;
};

} // namespace deblur::cuda
