// The order in which training sees clips. Rendering costs more than a step of a small network, so a
// rendered clip is used several times, some steps apart, each time under another symmetry.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>

#include "training/dataset.h"

namespace deblur {

/// Batches of a data set. What batch(n) returns depends on n alone, so that training resumes exactly;
/// asking for consecutive n renders every clip once.
class ClipStream {
  public:
    /// @param uses  how often each rendered clip is seen, 1 or more
    ClipStream(Dataset data, int64_t batch, int64_t uses, uint64_t seed);

    /// The clips of step n: each tensor batch x N x channels x H x W.
    Clip batch(int64_t n);

  private:
    const Clip &fetch(int64_t index);

    Dataset data_;
    int64_t batch_, uses_;
    uint64_t seed_;                     ///< of the symmetries
    std::map<int64_t, Clip> cache_; ///< clips that will be used again
};

/// Under which symmetries clips are shown.
enum class Symmetries {
    All,    ///< under which blur by Eq. 1 stays blur: reflections, transposition (of square clips), reversal of time,
            ///< permutation of the colour channels
    Upright ///< of these, those under which people look like people: left and right, and reversal of time
};

/// A clip under one of them; the same for all tensors.
Clip transform(Random &random, Clip clip, Symmetries symmetries);

} // namespace deblur
