// The part of Lin et al. 2019 that works on any network's pictures, on the CPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "inference/cpu/pipeline.h"
#include "inference/inference_network.h"
#include "network/region_mining.h"

namespace deblur {

/// What a discriminator says of a picture: network/brmr_discriminator.h.
struct Verdict {
    double confidence; ///< that it is sharp
    Image heat;        ///< H^b, 1 x height x width
};

/// Finds what is still most blurred in a picture, and refines that. Keeps a stream's memory.
class CpuRegionRefiner {
  public:
    /// @param model with Composition::Mining, residual
    CpuRegionRefiner(const Model &model, const InferenceSettings &settings);

    /// @param window of the model's m
    /// @param picture what a network made of the middle frame, in [0,1]
    /// @param windows of a frame that are refined at most
    /// @return the refined picture; the same image if nothing was refined
    Image refine(const std::vector<Image> &window, const Image &picture, int windows);

    /// D_i.
    Verdict judge(const std::vector<Image> &window, const Image &picture);

    void reset() { memory_ = {}; } ///< the next frame begins a sequence

  private:
    Image refine_patch(const std::vector<Image> &window, const Image &picture, const PatchWindow &place);
    RegionJudgement judge_windows(const std::vector<Image> &window, const Image &picture);

    std::vector<PatchWindow> windows_;
    cpu::Pipeline discriminator_, generator_;
    Image features_, made_;
    std::vector<float> of_sharp_, of_blurred_; // w^s and w^b
    RegionMemory memory_;
};

} // namespace deblur
