// The fast operations of a CPU, for networks that LibTorch's modules compute.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "inference/cpu/gate.h"
#include "inference/tensor_ops.h"

namespace deblur {

/// LibTorch's operations, but the gate is the CPU engine's: of one stream, with one gate and one size of frames.
class CpuOps : public TensorOps {
  public:
    /// @param threads that the gate may use
    explicit CpuOps(int threads) : threads_(threads) {}

    torch::Tensor gate(const torch::Tensor &correction, const torch::Tensor &frame, const Gate &gate) const override;

  private:
    int threads_;
    mutable std::optional<cpu::CorrectionGate> gate_; ///< made for the first frame
};

} // namespace deblur
