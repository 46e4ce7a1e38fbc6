// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/cuda_pictures.h"

#include <cstring>
#include <utility>

#include <ATen/ATen.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>

#include "cuda/kernels.h"
#include "picture/resize.h"

namespace deblur::cuda {

using c10::cuda::CUDAStreamGuard;
using torch::Tensor;

namespace {

constexpr size_t kAlignment = 256; // of planes and rows in device memory

size_t aligned(size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

Tensor page_locked(int64_t bytes, at::ScalarType type) {
    return at::empty({bytes}, at::TensorOptions(type).pinned_memory(true));
}

void copy(const Tensor &to, const Tensor &from, const c10::cuda::CUDAStream &stream) {
    C10_CUDA_CHECK(cudaMemcpyAsync(to.data_ptr(), from.data_ptr(), from.nbytes(),
                                   cudaMemcpyDefault, stream.stream()));
}

} // namespace

CudaPictures::CudaPictures(const deblur_format &format, int64_t height, int64_t width,
                           std::shared_ptr<const Streams> streams)
    : format_(format), height_(height), width_(width), streams_(std::move(streams)),
      is_for_kernels_(cuda::is_for_kernels(format)), layout_(picture_layout(format)),
      converter_(format) {
    for (int p = 0; p < kMaxPlanes; ++p) {
        sizes_[p] = plane_size(layout_, p);
        strides_[p] = aligned(sizes_[p].row_bytes);
        offsets_[p] = bytes_;
        bytes_ += strides_[p] * static_cast<size_t>(sizes_[p].rows);
    }
}

// Nothing may be on its way into the slots' memory when that is given back.
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
    const auto device = at::TensorOptions(streams_->reading.device());
    if (is_for_kernels_) {
        slot->host = page_locked(static_cast<int64_t>(bytes_), at::kByte);
        slot->device = at::empty({static_cast<int64_t>(bytes_)}, device.dtype(at::kByte));
    }
    slot->is_finite = at::empty({1}, device.dtype(at::kBool));
    slot->is_finite_on_host = page_locked(1, at::kBool);
    return slot;
}

Planes CudaPictures::planes_of(const Tensor &bytes) const {
    Planes planes{};
    for (int p = 0; p < kMaxPlanes; ++p) {
        planes.data[p] = bytes.data_ptr<uint8_t>() + offsets_[p];
        planes.stride[p] = static_cast<ptrdiff_t>(strides_[p]);
    }
    return planes;
}

Tensor CudaPictures::read_on_device(Slot &slot, const deblur_frame &frame) const {
    const Planes staged = planes_of(slot.host);
    for (int p = 0; p < kMaxPlanes; ++p)
        for (int y = 0; y < sizes_[p].rows; ++y)
            std::memcpy(staged.data[p] + y * staged.stride[p],
                        static_cast<const char *>(frame.src[p]) + y * frame.src_stride[p],
                        sizes_[p].row_bytes);
    copy(slot.device, slot.host, streams_->reading);
    auto rgb = at::empty({1, 3, format_.height, format_.width},
                         at::TensorOptions(streams_->reading.device()));
    read_picture(layout_, planes_of(slot.device), rgb.data_ptr<float>(), streams_->reading.stream());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
    return rgb;
}

Tensor CudaPictures::read(const deblur_frame &frame) {
    const CUDAStreamGuard guard(streams_->reading);
    auto slot = take_slot();
    const Tensor image = is_for_kernels_
                             ? read_on_device(*slot, frame)
                             : converter_.read(frame).to(streams_->reading.device());
    read_.push_back(std::move(slot));
    return resize(image, height_, width_);
}

void CudaPictures::correct(const deblur_frame &frame, const Tensor &correction) {
    auto slot = std::move(read_.front());
    read_.pop_front();
    slot->frame = frame;
    {
        const CUDAStreamGuard guard(streams_->computing);
        slot->is_finite.copy_(at::isfinite(correction.sum()));
        if (frame.strength > 0) {
            const auto full = resize(correction, format_.height, format_.width);
            if (is_for_kernels_) {
                const Planes planes = planes_of(slot->device);
                correct_picture(layout_, planes, planes, full.data_ptr<float>(), frame.strength,
                                slot->is_finite.data_ptr<bool>(), streams_->computing.stream());
                C10_CUDA_KERNEL_LAUNCH_CHECK();
            } else {
                slot->correction = full.clone(); // the next step overwrites it
            }
        }
        slot->is_corrected.record(streams_->computing);
    }
    slot->is_corrected.block(streams_->writing);
    copy(slot->is_finite_on_host, slot->is_finite, streams_->writing);
    if (is_for_kernels_ && frame.strength > 0)
        copy(slot->host, slot->device, streams_->writing);
    slot->is_written.record(streams_->writing);
    in_flight_.push_back(std::move(slot));
}

bool CudaPictures::finish() {
    auto slot = std::move(in_flight_.front());
    in_flight_.pop_front();
    slot->is_written.synchronize();
    const deblur_frame &frame = slot->frame;
    const bool is_finite = *slot->is_finite_on_host.data_ptr<bool>();
    if (is_finite && frame.strength > 0) {
        if (is_for_kernels_) {
            const Planes staged = planes_of(slot->host);
            for (int p = 0; p < kMaxPlanes; ++p)
                for (int y = 0; y < sizes_[p].rows; ++y)
                    std::memcpy(static_cast<char *>(frame.dst[p]) + y * frame.dst_stride[p],
                                staged.data[p] + y * staged.stride[p], sizes_[p].row_bytes);
        } else {
            converter_.correct(frame, slot->correction.to(at::kCPU));
        }
    }
    slot->correction = Tensor();
    free_.push_back(std::move(slot));
    return is_finite;
}

} // namespace deblur::cuda
