// What the machine can multiply at best.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu/rows.h"

namespace deblur::cpu {

/// Square matrix products through oneDNN, which reach the peak of the CPU's multipliers.
class MatrixProduct {
  public:
    /// @throws std::runtime_error if the CPU cannot multiply this type
    MatrixProduct(Element element, int threads);
    ~MatrixProduct();

    /// Computes one product.
    /// @return floating-point operations per second
    double run();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deblur::cpu
