// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/host_pictures.h"

#include <cstring>

#include "cuda/kernels.h"
#include "cuda/transfer.h"

namespace deblur::cuda {

using torch::Tensor;

HostPictures::HostPictures(const deblur_format &format, int64_t height, int64_t width,
                           std::shared_ptr<const Streams> streams)
    : CudaPictures(format, height, width, std::move(streams)), layout_(picture_layout(format)),
      sizes_(plane_sizes(layout_)), block_(sizes_) {}

void HostPictures::prepare(Slot &slot) const {
    const auto bytes = static_cast<int64_t>(block_.bytes());
    slot.host = page_locked(bytes, at::kByte);
    slot.device = at::empty({bytes}, on_gpu().dtype(at::kByte));
}

Planes HostPictures::planes_in(const Tensor &block) const {
    return block_.planes_at(block.data_ptr<uint8_t>());
}

Tensor HostPictures::load(Slot &slot, const deblur_frame &frame) const {
    const Planes staged = planes_in(slot.host);
    for (int p = 0; p < kMaxPlanes; ++p)
        for (int y = 0; y < sizes_[p].rows; ++y)
            std::memcpy(staged.data[p] + y * staged.stride[p],
                        static_cast<const char *>(frame.src[p]) + y * frame.src_stride[p],
                        sizes_[p].row_bytes);
    copy(slot.device, slot.host, streams_->reading);
    auto rgb = at::empty({1, 3, format_.height, format_.width}, on_gpu());
    read_picture(layout_, planes_in(slot.device), rgb.data_ptr<float>(),
                 streams_->reading.stream());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
    return rgb;
}

void HostPictures::take(Slot &slot, const Tensor &correction) const {
    const Planes planes = planes_in(slot.device);
    correct_picture(layout_, planes, planes, correction.data_ptr<float>(), slot.frame.strength,
                    slot.is_finite.data_ptr<bool>(), streams_->computing.stream());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
}

void HostPictures::fetch(Slot &slot) const {
    copy(slot.host, slot.device, streams_->writing);
}

void HostPictures::store(Slot &slot) const {
    const Planes staged = planes_in(slot.host);
    for (int p = 0; p < kMaxPlanes; ++p)
        for (int y = 0; y < sizes_[p].rows; ++y)
            std::memcpy(static_cast<char *>(slot.frame.dst[p]) + y * slot.frame.dst_stride[p],
                        staged.data[p] + y * staged.stride[p], sizes_[p].row_bytes);
}

} // namespace deblur::cuda
