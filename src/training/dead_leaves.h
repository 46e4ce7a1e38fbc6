// Scenes out of nothing: the dead-leaves model (Lee, Mumford & Huang 2001), opaque shapes of power-law
// sizes that hide each other, which have edges and spectrum much like those of photographs.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "training/sources.h"

namespace deblur {

/// Needs no files: for demonstrations and tests, and where no photographs are at hand.
class DeadLeaves : public Sources {
  public:
    torch::Tensor detail(Random &random, int64_t side, int64_t shrink = 1) const override;

    /// A detail in the shape of a random blob.
    CutOut cut_out(Random &random, int64_t side) const override;
};

} // namespace deblur
