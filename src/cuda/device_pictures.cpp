// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/device_pictures.h"

namespace deblur::cuda {

using torch::Tensor;

DevicePictures::DevicePictures(const deblur_format &format, int64_t height, int64_t width,
                               std::shared_ptr<const Streams> streams)
    : KernelPictures(format, height, width, std::move(streams)),
      caller_(format, streams_->reading.device_index()) {}

void DevicePictures::prepare(Slot &slot) const {
    if (!caller_.is_ours())
        slot.device = make_block();
}

Tensor DevicePictures::load(Slot &slot, const deblur_frame &frame) const {
    const auto stream = streams_->reading.stream();
    caller_.hold_back(stream);
    if (caller_.is_ours())
        return read_planes(source_planes(frame));
    const Planes staged = planes_in(slot.device);
    caller_.copy_from_caller(sizes_, source_planes(frame), staged, stream);
    return read_planes(staged);
}

void DevicePictures::take(Slot &slot, const Tensor &change) const {
    if (caller_.is_ours())
        return change_planes(slot, source_planes(slot.frame), destination_planes(slot.frame), change);
    const Planes staged = planes_in(slot.device);
    change_planes(slot, staged, staged, change);
}

// What was not finite has left the block as it came: then this writes what dst holds already.
void DevicePictures::fetch(Slot &slot) const {
    if (!caller_.is_ours())
        caller_.copy_to_caller(sizes_, planes_in(slot.device), destination_planes(slot.frame),
                               streams_->writing.stream());
}

} // namespace deblur::cuda
