// A network whose pictures another one refines, region by region.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "torch/tensor_network.h"
#include "network/refinement_stage.h"

namespace deblur {

/// What computes a network's steps, and a RefinementStage behind it.
class RefiningNetwork : public TensorNetwork {
  public:
    RefiningNetwork(std::unique_ptr<TensorNetwork> inner, RefinementStage stage)
        : inner_(std::move(inner)), stage_(std::move(stage)) {}

    torch::Tensor step(const std::vector<torch::Tensor> &window) override {
        const auto correction = inner_->step(window);
        return stage_.apply(window, correction);
    }
    void reset() override {
        inner_->reset();
        stage_.reset();
    }
    torch::Tensor map() const override { return inner_->map(); }
    void wait() override { inner_->wait(); }

  private:
    std::unique_ptr<TensorNetwork> inner_;
    RefinementStage stage_;
};

} // namespace deblur
