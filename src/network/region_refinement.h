// Algorithm 1 of Lin et al. 2019 as it is tested: find what is most blurred, refine it, and see whether that was good.
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

/// Mines the most blurred window of a picture, refines it, and keeps it unless the confidence fell; until it did, or
/// the passes are used up. A window is not mined twice, and what two windows share is refined once (ours): G_p has learnt from
/// what another network made, and not from what it made itself.
///
/// So that video stays calm (ours), windows are blended in with soft borders, and a sequence has a memory: the heat of
/// the windows is averaged over some frames before they are compared, windows of the last frame come first as long as
/// they are among the more blurred, and a window fades in and out over four frames, but for the first frame of a
/// sequence. What fades out is no reason to stop.
///
/// @param picture 1 x 3 x H x W, float32 in [0,1]
/// @param memory  from the frame before; undefined starts a sequence
/// @param passes  windows that are refined at most, 0 or more
Refinement refine_regions(const torch::Tensor &picture, const torch::Tensor &memory, int passes,
                          const Refiner &refiner);

} // namespace deblur
