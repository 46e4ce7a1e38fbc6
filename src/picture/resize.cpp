// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/resize.h"

#include <ATen/ATen.h>

namespace deblur {

torch::Tensor resize(const torch::Tensor &image, int64_t height, int64_t width) {
    if (image.size(2) == height && image.size(3) == width)
        return image;
    return at::_upsample_bicubic2d_aa(image, {height, width}, /*align_corners=*/false);
}

} // namespace deblur
