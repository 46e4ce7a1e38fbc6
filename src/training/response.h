// The way from scene light to code values: camera response, saturation, sensor noise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include <torch/types.h>

#include "training/random.h"
#include "training/response_table.h"

namespace deblur {

/// One camera, drawn per clip. Blur is the mean of *light*; averaging code values instead makes
/// highlights bleed wrongly (the largest single error of early synthetic data).
class CameraResponse {
  public:
    /// @param measured a camera whose response a third of the clips has; may be null
    explicit CameraResponse(Random &random, std::shared_ptr<const ResponseTable> measured = nullptr);

    /// code = light^(1/gamma), without noise or excess of highlights. A shoulder above 0 bends the response like film's
    /// before that, the more the smaller it is: light (1 + shoulder) / (light + shoulder).
    explicit CameraResponse(double gamma, double shoulder = 0) : gamma_(gamma), shoulder_(shoulder) {}

    /// Code values in [0,1] -> relative light; clipped highlights get back a random excess, so that
    /// a moving lamp leaves a saturated streak.
    torch::Tensor to_light(const torch::Tensor &code) const;

    /// Light -> code values in [0,1], clipped as a sensor does.
    torch::Tensor to_code(const torch::Tensor &light) const;

    /// Adds shot and read noise to light. generator_seed makes it repeatable.
    torch::Tensor add_noise(const torch::Tensor &light, uint64_t generator_seed) const;

  private:
    std::shared_ptr<const ResponseTable> measured_; ///< in place of gamma and shoulder
    double gamma_, shoulder_ = 0, highlight_excess_ = 0;
    double shot_noise_ = 0, read_noise_ = 0; ///< variance per unit of light; standard deviation
};

} // namespace deblur
