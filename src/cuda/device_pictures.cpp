// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/device_pictures.h"

#include "cuda/kernels.h"
#include "cuda/transfer.h"

namespace deblur::cuda {

using torch::Tensor;

DevicePictures::DevicePictures(const deblur_format &format, int64_t height, int64_t width,
                               std::shared_ptr<const Streams> streams)
    : CudaPictures(format, height, width, std::move(streams)), layout_(picture_layout(format)),
      sizes_(plane_sizes(layout_)), block_(sizes_),
      caller_(format, streams_->reading.device_index()) {}

void DevicePictures::prepare(Slot &slot) const {
    if (!caller_.is_ours())
        slot.device = at::empty({static_cast<int64_t>(block_.bytes())}, on_gpu().dtype(at::kByte));
}

Tensor DevicePictures::load(Slot &slot, const deblur_frame &frame) const {
    const auto stream = streams_->reading.stream();
    caller_.hold_back(stream);
    Planes planes = source_planes(frame);
    if (!caller_.is_ours()) {
        const Planes staged = block_.planes_at(slot.device.data_ptr<uint8_t>());
        caller_.copy_from_caller(sizes_, planes, staged, stream);
        planes = staged;
    }
    auto rgb = at::empty({1, 3, format_.height, format_.width}, on_gpu());
    read_picture(layout_, planes, rgb.data_ptr<float>(), stream);
    C10_CUDA_KERNEL_LAUNCH_CHECK();
    return rgb;
}

void DevicePictures::take(Slot &slot, const Tensor &correction) const {
    Planes from = source_planes(slot.frame), to = destination_planes(slot.frame);
    if (!caller_.is_ours())
        from = to = block_.planes_at(slot.device.data_ptr<uint8_t>());
    correct_picture(layout_, from, to, correction.data_ptr<float>(), slot.frame.strength,
                    slot.is_finite.data_ptr<bool>(), streams_->computing.stream());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
}

// A correction that was not finite has left the block as it came: then this writes what dst holds already.
void DevicePictures::fetch(Slot &slot) const {
    if (!caller_.is_ours())
        caller_.copy_to_caller(sizes_, block_.planes_at(slot.device.data_ptr<uint8_t>()),
                               destination_planes(slot.frame), streams_->writing.stream());
}

} // namespace deblur::cuda
