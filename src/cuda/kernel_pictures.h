// Frames whose samples kernels read and correct, wherever they come from.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <utility>

#include <ATen/ATen.h>

#include "cuda/cuda_pictures.h"
#include "cuda/kernels.h"
#include "cuda/picture_layout.h"

namespace deblur::cuda {

class KernelPictures : public CudaPictures {
  public:
    KernelPictures(const deblur_format &format, int64_t height, int64_t width,
                   std::shared_ptr<const Streams> streams)
        : CudaPictures(format, height, width, std::move(streams)), layout_(picture_layout(format)),
          sizes_(plane_sizes(layout_)), block_(sizes_) {}

  protected:
    /// Memory on the GPU for the planes of a picture.
    torch::Tensor make_block() const {
        return at::empty({block_bytes()}, on_gpu().dtype(at::kByte));
    }
    int64_t block_bytes() const { return static_cast<int64_t>(block_.bytes()); }
    Planes planes_in(const torch::Tensor &block) const {
        return block_.planes_at(block.data_ptr<uint8_t>());
    }

    /// The end of load(), with planes that kernels reach.
    torch::Tensor read_planes(const Planes &planes) const {
        auto rgb = at::empty({1, 3, format_.height, format_.width}, on_gpu());
        read_picture(layout_, planes, rgb.data_ptr<float>(), streams_->reading.stream());
        return rgb;
    }

    /// The end of take(): to = from + correction, or the map's picture, if that is finite.
    void change_planes(const Slot &slot, const Planes &from, const Planes &to,
                       const torch::Tensor &change) const {
        const auto put = slot.shows_map ? show_picture : correct_picture;
        put(layout_, from, to, change.data_ptr<float>(), slot.frame.strength, slot.is_finite.data_ptr<bool>(),
            streams_->computing.stream());
    }

    const PictureLayout layout_;
    const PlaneSizes sizes_;

  private:
    const PlaneBlock block_;
};

} // namespace deblur::cuda
