// What the machine can multiply at best.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

namespace deblur::cpu {

/// Multiplies and adds float32 in registers for some milliseconds.
/// @return floating-point operations per second of all threads
double measure_multiply_adds(int threads);

/// Square matrix products in bfloat16 through oneDNN, which reach the peak of the CPU's multipliers.
class MatrixProduct {
  public:
    /// @throws std::runtime_error if the CPU cannot multiply this type
    explicit MatrixProduct(int threads);
    ~MatrixProduct();

    /// Computes one product.
    /// @return floating-point operations per second
    double run();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deblur::cpu
