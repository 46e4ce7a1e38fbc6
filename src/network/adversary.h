// What a network may learn against.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <torch/types.h>

namespace deblur {

struct StepResult;
struct FrameTruth;

/// The discriminators of a generative adversarial network: some of its parameters, which learn to tell its pictures
/// from sharp ones by a loss and an optimiser of their own, in turn with the others.
class Adversary {
  public:
    virtual ~Adversary() = default;

    /// Whether a parameter of the network is the adversary's: what the network's own loss would do to it is dropped.
    virtual bool owns(const std::string &parameter) const = 0;

    /// What it minimises: a scalar, from which nothing flows back into the step.
    virtual torch::Tensor loss(const StepResult &result, const FrameTruth &truth) const = 0;

    /// What the others minimise because of it: a scalar, the smaller the more it takes their pictures for sharp ones.
    virtual torch::Tensor deception(const StepResult &result, const FrameTruth &truth) const = 0;
};

} // namespace deblur
