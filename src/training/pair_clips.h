// Clips of real pairs: what one camera recorded blurry, and a faster one sharp.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "training/clip_source.h"
#include "training/sequences.h"

namespace deblur {

/// Parts of sequences that lie in a folder as NAME/blur and NAME/sharp, in memory. How far things move is not known: blur is taken
/// as one pixel wherever the two differ by more than noise.
class PairClips : public ClipSource {
  public:
    /// @param frames,size of the clips; sequences that are shorter or smaller are left out
    /// @throws std::runtime_error if there is no sequence to take
    PairClips(const std::string &directory, int64_t frames, int64_t size, uint64_t seed);

    Clip clip(uint64_t index) const override;

  private:
    std::vector<SequencePair> sequences_;
    int64_t frames_, size_;
    uint64_t seed_;
};

} // namespace deblur
