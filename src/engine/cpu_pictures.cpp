// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/cpu_pictures.h"

#include "picture/luma.h"
#include "picture/resize.h"
#include "picture/rows.h"

namespace deblur {

Image CpuPictures::read(const deblur_frame &frame) {
    return resize(converter_.read(frame), height_, width_);
}

void CpuPictures::correct(const deblur_frame &frame, const Image &correction) {
    is_finite_ = is_finite(correction.data(), correction.size());
    if (is_finite_ && frame.strength > 0)
        converter_.correct(frame, resize(correction, format_.height, format_.width));
}

void CpuPictures::show(const deblur_frame &frame, const Image &map) {
    is_finite_ = is_finite(map.data(), map.size());
    if (is_finite_ && frame.strength > 0)
        converter_.show(frame, resize(map, format_.height, format_.width));
}

Image CpuPictures::thumbnail(const Image &image) const {
    return deblur::thumbnail(image);
}

float CpuPictures::sharpness(const Image &image) const {
    return deblur::sharpness(image);
}

float CpuPictures::sharpness(const Image &image, const Image &correction, float strength) const {
    return deblur::sharpness(image, correction, strength);
}

} // namespace deblur
