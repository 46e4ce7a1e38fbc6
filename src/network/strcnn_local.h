// STRCNN+DTB for local blur: BladeNet's Local Blur Perception decides where its correction counts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/perception.h"
#include "network/strcnn.h"

namespace deblur {

/// The parameters are those of strcnn_dtb, and the perception's beside them. Where the map is closed, the picture stays
/// bit for bit; a window in which it is closed everywhere is not computed at all, and forgets the past. (On the CPU,
/// inference computes only where it is open: inference/cpu_tiles.h.)
class StrcnnLocal : public Strcnn {
  public:
    explicit StrcnnLocal(const NetworkConfig &config);

    StepResult step(const torch::Tensor &window, const State &state) override;
    bool has_map() const override { return true; }
    torch::Tensor perceive(const torch::Tensor &window) const override;
    torch::Tensor objective(const StepResult &result, const FrameTruth &truth) const override;
    double macs_per_pixel() const override; ///< of a window with blur

  private:
    std::shared_ptr<BlurPerception> perception_;
};

} // namespace deblur
