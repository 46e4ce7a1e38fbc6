// A second network behind the one that restores a stream: it refines what is still most blurred.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

#include "network/network.h"

namespace deblur {

/// The idea of Lin et al. 2019 behind any other network (refine=N). Keeps a stream's memory.
class RefinementStage {
  public:
    /// @param network that has a region_refiner()
    /// @param windows of a frame that are refined at most
    /// @throws std::invalid_argument if the network has none
    RefinementStage(NetworkPtr network, int windows);

    /// @param window     <B_{n-M} .. B_{n+M}>, 1 x 3 x H x W each, float32 in [0,1]; if the refiner's m is larger, it sees
    ///                   the outermost ones repeated
    /// @param correction L_n - B_n as it was restored
    /// @return the same with the refinement; where nothing was refined, bit for bit
    torch::Tensor apply(const std::vector<torch::Tensor> &window, const torch::Tensor &correction);

    void reset() { memory_ = torch::Tensor(); } ///< the next frame begins a sequence

  private:
    NetworkPtr network_;
    int windows_;
    torch::Tensor memory_;
};

} // namespace deblur
