// Parameter updates: Adam, and Muon for the inner convolutions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "network/parameters.h"

namespace deblur {

struct OptimizerOptions {
    bool muon = true;        ///< false: Adam for everything
    double adam_rate = 5e-4; ///< learning rates before the schedule's factor
    double muon_rate = 6e-4;
    double weight_decay = 1e-5; ///< lambda of Kim et al. 2017, Eq. 4 (decoupled)
    double clip_norm = 1.0;     ///< of the gradient over all parameters
    at::ScalarType precision = at::kFloat; ///< of Muon's matrix products
};

/// A semi-orthogonal matrix near a matrix's own: the same singular vectors, singular values between about 0.7 and 1.2, by
/// five steps of the quintic Newton-Schulz iteration (Jordan et al. 2024).
///
/// @param matrix float32
/// @param type   of the products, which bfloat16 is enough for. (In float32 they are left to the system's BLAS; Debian's
///               reference BLAS took most of a training step.)
/// @return float32
torch::Tensor orthogonalise(const torch::Tensor &matrix, at::ScalarType type);

/// Muon (Jordan et al. 2024) orthogonalises the momentum of a weight matrix, so that every
/// direction learns at the same speed; it needed a third of Adam's steps on these networks. It
/// takes the convolutions between features; first and last layers, the blending and biases go by Adam
/// (Kingma & Ba 2015, beta 0.9 and 0.99).
class Optimizer {
  public:
    /// @param takes which of the network's parameters, by name; empty: all
    Optimizer(Network &network, const OptimizerOptions &options,
              const std::function<bool(const std::string &)> &takes = nullptr);

    /// One update from the gradients, which are then cleared. Returns their norm before clipping; a
    /// norm that is not finite leaves the parameters alone.
    ///
    /// @param factor of the learning rates, from the schedule
    double step(double factor);

    /// Drops the gradients.
    void clear();

    /// Moments and step count by name, for a checkpoint.
    TensorMap state() const;
    /// @throws std::invalid_argument if a moment is missing or has another shape
    void load_state(const TensorMap &state);

  private:
    struct Slot {
        std::string name;
        torch::Tensor parameter, first, second; // second is undefined under Muon
        bool muon;
    };

    OptimizerOptions options_;
    std::vector<Slot> slots_;
    int64_t steps_ = 0;
};

} // namespace deblur
