// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/host_pictures.h"

#include <cstring>

#include "cuda/transfer.h"

namespace deblur::cuda {

using torch::Tensor;

void HostPictures::prepare(Slot &slot) const {
    slot.host = page_locked(block_bytes(), at::kByte);
    slot.device = make_block();
}

Tensor HostPictures::load(Slot &slot, const deblur_frame &frame) const {
    const Planes staged = planes_in(slot.host);
    for (int p = 0; p < kMaxPlanes; ++p)
        for (int y = 0; y < sizes_[p].rows; ++y)
            std::memcpy(staged.data[p] + y * staged.stride[p],
                        static_cast<const char *>(frame.src[p]) + y * frame.src_stride[p],
                        sizes_[p].row_bytes);
    copy(slot.device, slot.host, streams_->reading);
    return read_planes(planes_in(slot.device));
}

void HostPictures::take(Slot &slot, const Tensor &change) const {
    const Planes planes = planes_in(slot.device);
    change_planes(slot, planes, planes, change);
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
