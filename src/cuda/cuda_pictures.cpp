// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/cuda_pictures.h"

#include <utility>

#include <ATen/ATen.h>
#include <c10/cuda/CUDAGuard.h>

#include "cuda/converted_pictures.h"
#include "cuda/device_pictures.h"
#include "cuda/host_pictures.h"
#include "cuda/transfer.h"

namespace deblur::cuda {

using c10::cuda::CUDAStreamGuard;
using torch::Tensor;

// Nothing may be on its way into the slots' memory, or the caller's, when that is given back.
CudaPictures::~CudaPictures() {
    try {
        streams_->synchronize();
    } catch (const c10::Error &) {
        // The device has failed; whoever used it has been told.
    }
}

CudaPictures::SlotPtr CudaPictures::take_slot() {
    if (!free_.empty()) {
        auto slot = std::move(free_.front());
        free_.pop_front();
        return slot;
    }
    auto slot = std::make_unique<Slot>();
    prepare(*slot);
    slot->is_finite = at::empty({1}, on_gpu().dtype(at::kBool));
    slot->is_finite_on_host = page_locked(1, at::kBool);
    return slot;
}

Tensor CudaPictures::read_tensor(const deblur_frame &frame) {
    const CUDAStreamGuard guard(streams_->reading);
    auto slot = take_slot();
    const Tensor image = load(*slot, frame);
    read_.push_back(std::move(slot));
    return resize(image, height_, width_);
}

void CudaPictures::correct_by(const deblur_frame &frame, const Tensor &correction) {
    put(frame, correction, false);
}

void CudaPictures::show_map(const deblur_frame &frame, const Tensor &map) {
    put(frame, map, true);
}

void CudaPictures::put(const deblur_frame &frame, const Tensor &change, bool shows_map) {
    auto slot = std::move(read_.front());
    read_.pop_front();
    slot->frame = frame;
    slot->shows_map = shows_map;
    {
        const CUDAStreamGuard guard(streams_->computing);
        slot->is_finite.copy_(at::isfinite(change.sum()));
        if (frame.strength > 0)
            take(*slot, resize(change, format_.height, format_.width).contiguous());
        slot->is_corrected.record(streams_->computing);
    }
    slot->is_corrected.block(streams_->writing);
    copy(slot->is_finite_on_host, slot->is_finite, streams_->writing);
    if (frame.strength > 0)
        fetch(*slot);
    slot->is_written.record(streams_->writing);
    in_flight_.push_back(std::move(slot));
}

bool CudaPictures::finish_oldest() {
    auto slot = std::move(in_flight_.front());
    in_flight_.pop_front();
    slot->is_written.synchronize();
    const bool is_finite = *slot->is_finite_on_host.data_ptr<bool>();
    if (is_finite && slot->frame.strength > 0)
        store(*slot);
    slot->change = Tensor();
    free_.push_back(std::move(slot));
    return is_finite;
}

std::unique_ptr<Pictures> make_pictures(const deblur_format &format, int64_t height, int64_t width,
                                        const std::shared_ptr<const Streams> &streams) {
    if (format.memory == DEBLUR_MEMORY_CUDA)
        return std::make_unique<DevicePictures>(format, height, width, streams);
    if (is_for_kernels(format))
        return std::make_unique<HostPictures>(format, height, width, streams);
    return std::make_unique<ConvertedPictures>(format, height, width, streams);
}

} // namespace deblur::cuda
