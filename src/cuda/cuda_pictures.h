// Frames read and corrected on a GPU: what is the same wherever their samples lie.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <memory>

#include <ATen/cuda/CUDAEvent.h>

#include "cuda/streams.h"
#include "torch/tensor_pictures.h"

namespace deblur::cuda {

/// Each frame on its way has a slot, from read() to finish(), and its turn on the streams.
class CudaPictures : public TensorPictures {
  public:
    ~CudaPictures() override;

    size_t depth() const final { return 1; }

  protected:
    torch::Tensor read_tensor(const deblur_frame &frame) final;
    void correct_by(const deblur_frame &frame, const torch::Tensor &correction) final;
    void show_map(const deblur_frame &frame, const torch::Tensor &map) final;
    bool finish_oldest() final;

    /// Slots are used again. The tensors in front are the derived class's.
    struct Slot {
        torch::Tensor host, device; // all planes, uint8
        torch::Tensor change;
        bool shows_map = false; // change is a map instead of a correction
        torch::Tensor is_finite, is_finite_on_host;
        deblur_frame frame{};
        at::cuda::CUDAEvent is_corrected, is_written;
    };

    /// @param height, width at which the network works
    CudaPictures(const deblur_format &format, int64_t height, int64_t width,
                 std::shared_ptr<const Streams> streams)
        : format_(format), streams_(std::move(streams)), height_(height), width_(width) {}

    /// Allocates what a new slot needs.
    virtual void prepare(Slot &) const {}

    /// On streams_->reading: RGB of frame.src, 1 x 3 x height x width of the pictures, float32.
    virtual torch::Tensor load(Slot &slot, const deblur_frame &frame) const = 0;

    /// On streams_->computing, for frames of a strength above 0: takes the correction or the map, of the pictures' size,
    /// contiguous.
    virtual void take(Slot &slot, const torch::Tensor &change) const = 0;

    /// On streams_->writing, after take().
    virtual void fetch(Slot &) const {}

    /// When all of that is done, if what was taken was finite.
    virtual void store(Slot &) const {}

    at::TensorOptions on_gpu() const { return at::TensorOptions(streams_->reading.device()); }

    const deblur_format format_;
    const std::shared_ptr<const Streams> streams_;

  private:
    using SlotPtr = std::unique_ptr<Slot>;
    SlotPtr take_slot();
    void put(const deblur_frame &frame, const torch::Tensor &change, bool shows_map);

    int64_t height_, width_;
    std::deque<SlotPtr> free_, read_, in_flight_;
};

/// What a format needs: host_pictures.h, converted_pictures.h or device_pictures.h.
///
/// @throws Error with DEBLUR_NO_DEVICE for frames in the memory of another GPU
std::unique_ptr<Pictures> make_pictures(const deblur_format &format, int64_t height, int64_t width,
                                        const std::shared_ptr<const Streams> &streams);

} // namespace deblur::cuda
