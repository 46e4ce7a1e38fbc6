// The windows in which a heat map is searched for what is most blurred, after Lin et al. 2019, section 3.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

namespace deblur {

constexpr int64_t kPatchSide = 128, kPatchShift = 64; ///< pixels

/// A rectangle of a picture.
struct PatchWindow {
    int64_t top, left, height, width; ///< pixels

    torch::Tensor of(const torch::Tensor &picture) const { ///< the rectangle of ... x H x W
        return picture.narrow(-2, top, height).narrow(-1, left, width);
    }
};

/// From left to right and from top to bottom, each half over the one before. The last ones end where the picture does,
/// and are smaller than 128 pixels only if it is.
std::vector<PatchWindow> patch_windows(int64_t height, int64_t width);

/// The mean of a heat map, H x W, in each of its windows: 1 x count, float32.
torch::Tensor heat_in_windows(const torch::Tensor &heat, const std::vector<PatchWindow> &windows);

/// What a refined window counts for beside what was there: 1 inside, falling to 0 over 16 pixels towards those of its
/// borders that are not the picture's. height x width of the window.
torch::Tensor feather(const PatchWindow &window, int64_t picture_height, int64_t picture_width);

} // namespace deblur
