// What finds the regions of a restored picture that are still blurred, and refines them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "network/region_refinement.h"

namespace deblur {

/// A frame of a batch of clips as a refiner learns from it: N x channels x H x W, float32 in [0,1].
struct RestoredFrame {
    torch::Tensor window;  ///< <B_{n-m} .. B_{n+m}>, 3(2m+1) channels
    torch::Tensor picture; ///< what a network made of B_n, 3 channels
    torch::Tensor sharp;   ///< S_n, 3 channels
};

/// Regions as they were refined, and as they should be: P x frames x 3 x h x w each.
struct RefinedRegions {
    torch::Tensor refined, sharp;
};

/// The part of an architecture that works on any network's pictures.
class RegionRefiner {
  public:
    virtual ~RegionRefiner() = default;

    /// refine_regions() with this architecture's judgement and refinement.
    ///
    /// @param window  <B_{n-m} .. B_{n+m}> with this architecture's m, 1 x 3(2m+1) x H x W, float32 in [0,1]
    /// @param picture what a network made of B_n, 1 x 3 x H x W
    /// @param memory  from the frame before; undefined starts a sequence
    /// @param windows that are refined at most
    virtual Refinement refine(const torch::Tensor &window, const torch::Tensor &picture, const torch::Tensor &memory,
                              int windows) const = 0;

    /// What training is to make better: regions that are mined in the first of consecutive frames, and refined in all of
    /// them. Gradients flow into what refines, not into the pictures.
    virtual RefinedRegions refine_most_blurred(const std::vector<RestoredFrame> &frames) const = 0;
};

} // namespace deblur
