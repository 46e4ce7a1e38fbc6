// region_mining.h in tensors.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "network/patch_windows.h"

namespace deblur {

/// What is thought of a picture as a whole, and where.
struct Judgement {
    double confidence;  ///< delta: that it is sharp
    torch::Tensor heat; ///< H^b: how blurred it is, H x W
};

/// How regions are judged and refined.
struct Refiner {
    /// D_i, for 1 x 3 x H x W.
    std::function<Judgement(const torch::Tensor &picture)> judge;
    /// G_p, for a place in what came: 1 x 3 x h x w.
    std::function<torch::Tensor(const torch::Tensor &picture, const PatchWindow &place)> refine;
};

struct Refinement {
    torch::Tensor picture;       ///< 1 x 3 x H x W
    torch::Tensor memory;        ///< for the next frame of the sequence: average heat and weight of the windows
    int tried = 0, accepted = 0; ///< windows
};

/// mine_regions() of tensors.
///
/// @param picture 1 x 3 x H x W, float32 in [0,1]
/// @param memory  from the frame before; undefined starts a sequence
/// @param passes  windows that are refined at most, 0 or more
Refinement refine_regions(const torch::Tensor &picture, const torch::Tensor &memory, int passes,
                          const Refiner &refiner);

} // namespace deblur
