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

    /// Blurry and sharp clips of step n: each batch x N x 3 x H x W.
    std::pair<torch::Tensor, torch::Tensor> batch(int64_t n);

  private:
    struct Rendered {
        torch::Tensor blurry, sharp;
    };

    const Rendered &fetch(int64_t index);

    Dataset data_;
    int64_t batch_, uses_;
    uint64_t seed_;                     ///< of the symmetries
    std::map<int64_t, Rendered> cache_; ///< clips that will be used again
};

/// One of the symmetries under which blur by Eq. 1 stays blur: reflections, transposition (of square
/// clips), reversal of time, permutation of the colour channels. The same for both tensors.
///
/// @param blurry, sharp  N x 3 x H x W
std::pair<torch::Tensor, torch::Tensor> transform(Random &random, torch::Tensor blurry,
                                                  torch::Tensor sharp);

} // namespace deblur
