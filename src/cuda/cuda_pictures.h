// Frames in host memory, read and corrected on a GPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <memory>

#include <ATen/cuda/CUDAEvent.h>

#include "cuda/picture_layout.h"
#include "cuda/streams.h"
#include "engine/pictures.h"
#include "picture/converter.h"

namespace deblur::cuda {

/// Planes go up and down as they are, through page-locked memory; kernels convert. Formats that kernels do not
/// know are converted on the CPU.
class CudaPictures : public Pictures {
  public:
    /// @param height, width at which the network works
    CudaPictures(const deblur_format &format, int64_t height, int64_t width,
                 std::shared_ptr<const Streams> streams);
    ~CudaPictures() override;

    torch::Tensor read(const deblur_frame &frame) override;

    /// Takes its turn on streams->computing.
    void correct(const deblur_frame &frame, const torch::Tensor &correction) override;
    bool finish() override;
    size_t depth() const override { return 1; }

  private:
    // A frame on its way, from read() to finish(). Slots are used again.
    struct Slot {
        torch::Tensor host, device; // all planes, uint8
        torch::Tensor is_finite, is_finite_on_host;
        torch::Tensor correction; // of formats that the CPU converts
        deblur_frame frame{};
        at::cuda::CUDAEvent is_corrected, is_written;
    };
    using SlotPtr = std::unique_ptr<Slot>;

    SlotPtr take_slot();
    Planes planes_of(const torch::Tensor &bytes) const;
    torch::Tensor read_on_device(Slot &slot, const deblur_frame &frame) const;

    deblur_format format_;
    int64_t height_, width_;
    std::shared_ptr<const Streams> streams_;
    bool is_for_kernels_;
    PictureLayout layout_;
    Converter converter_; // for what kernels do not know
    std::array<PlaneSize, kMaxPlanes> sizes_;
    std::array<size_t, kMaxPlanes> strides_, offsets_; // in a slot's memory
    size_t bytes_ = 0;
    std::deque<SlotPtr> free_, read_, in_flight_;
};

} // namespace deblur::cuda
