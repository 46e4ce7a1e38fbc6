// A network whose map says where its correction is wanted.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <utility>

#include "inference/inference_network.h"
#include "picture/planes.h"

namespace deblur {

/// A network with a map, whose correction fades to 1 - focus of itself where the map is 0.
class FocusingNetwork : public InferenceNetwork {
  public:
    /// @param focus in [0,1]: 0 corrects everywhere, 1 where the map is alone
    FocusingNetwork(std::unique_ptr<InferenceNetwork> inner, float focus) : inner_(std::move(inner)), focus_(focus) {}

    Image step(const std::vector<Image> &window) override {
        const Image correction = inner_->step(window), map = inner_->map();
        const Image share(1, map.height(), map.width());
        for (size_t i = 0; i < map.size(); ++i)
            share.data()[i] = 1 - focus_ + focus_ * map.data()[i];
        multiply(correction, share);
        return correction;
    }
    void reset() override { inner_->reset(); }
    Image map() const override { return inner_->map(); }

  private:
    std::unique_ptr<InferenceNetwork> inner_;
    float focus_;
};

} // namespace deblur
