// A network whose map says where its correction is wanted.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <utility>

#include <ATen/ATen.h>

#include "torch/tensor_network.h"

namespace deblur {

/// A network with a map, whose correction fades to 1 - focus of itself where the map is 0.
class FocusingNetwork : public TensorNetwork {
  public:
    /// @param focus in [0,1]: 0 corrects everywhere, 1 where the map is alone
    FocusingNetwork(std::unique_ptr<TensorNetwork> inner, float focus) : inner_(std::move(inner)), focus_(focus) {}

    torch::Tensor step(const std::vector<torch::Tensor> &window) override {
        const auto correction = inner_->step(window);
        return correction * (1 - focus_ + focus_ * inner_->map());
    }
    void reset() override { inner_->reset(); }
    void wait() override { inner_->wait(); }
    torch::Tensor map() const override { return inner_->map(); }

  private:
    std::unique_ptr<TensorNetwork> inner_;
    float focus_;
};

} // namespace deblur
