// Convolutions in float32 as they are written down: those that Winograd's way does not serve.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>

#include "inference/cpu/convolution.h"

namespace deblur::cpu {

class DirectConvolution {
  public:
    DirectConvolution(const Kernel &kernel, const Strip &strip, bool add, Activation activation);
    ~DirectConvolution();

    size_t scratch() const; ///< floats that run() works in

    /// dst = activation(conv(src) + dst?), in the calling thread.
    /// @param rows    of the strip's output to make; nothing is read or written beyond theirs
    /// @param scratch aligned to 64 bytes
    void run(const float *src, float *dst, int rows, float *scratch) const;

    struct Plan;

  private:
    std::unique_ptr<const Plan> plan_;
};

} // namespace deblur::cpu
