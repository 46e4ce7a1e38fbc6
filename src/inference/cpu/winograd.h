// Convolutions at stride 1 with fewer products, by Winograd's minimal filtering.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>

#include "inference/cpu/convolution.h"

namespace deblur::cpu {

/// A convolution in float32 as F(m x m, r x r) with m + r - 1 = 6: tiles of 6 x 6 samples become 6 x 6 sums over the
/// channels, and those become m x m outputs. A tile takes 36 products where the direct way takes 100 (r = 2 or 5) or 144
/// (r = 3).
class Winograd {
  public:
    /// Whether a convolution can be computed so: kernels of size 2, 3 or 5 at stride 1.
    static bool serves(const Kernel &kernel, const Strip &strip);

    /// @param kernel, strip such that it serves
    /// @param range of the input's samples, to multiply them as 8-bit codes with weights of up to 16 bits; null to
    ///              multiply in float32
    Winograd(const Kernel &kernel, const Strip &strip, bool add, Activation activation,
             const Range *range = nullptr);
    ~Winograd();

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
