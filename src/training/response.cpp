// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/response.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace deblur {

CameraResponse::CameraResponse(Random &random, std::shared_ptr<const ResponseTable> measured) {
    if (measured && random.chance(1.0 / 3))
        measured_ = std::move(measured);
    // A fifth of the clips averages code values, as several public data sets do. Cameras bend more than a gamma of 2.2:
    // in the real sequences at hand, blur brightens textures by twice what that gives.
    gamma_ = random.chance(0.2) ? 1.0 : random.uniform(1.8, 3.4);
    shoulder_ = gamma_ > 1 && random.chance(0.5) ? random.log_uniform(0.3, 4) : 0.0;
    highlight_excess_ = random.chance(0.4) ? random.uniform(0.5, 4.0) : 0.0;
    // Little: cameras remove most of it before they encode, and what is trained on noise corrects too little elsewhere.
    const bool noisy = random.chance(0.25);
    read_noise_ = noisy ? random.log_uniform(0.0002, 0.004) : 0.0;
    shot_noise_ = noisy ? random.log_uniform(1e-5, 1e-3) : 0.0;
}

torch::Tensor CameraResponse::to_light(const torch::Tensor &code) const {
    auto light = measured_ ? measured_->to_light(code) : gamma_ == 1.0 ? code : code.clamp_min(0).pow(gamma_);
    if (!measured_ && shoulder_ > 0)
        light = light * shoulder_ / (1 + shoulder_ - light.clamp_max(1));
    if (highlight_excess_ > 0) {
        const auto clipped = ((code - 0.9) / 0.1).clamp(0, 1);
        light = light * (1 + highlight_excess_ * clipped.square());
    }
    return light;
}

torch::Tensor CameraResponse::to_code(const torch::Tensor &light) const {
    if (measured_)
        return measured_->to_code(light);
    auto clipped = light.clamp(0, 1);
    if (shoulder_ > 0)
        clipped = clipped * (1 + shoulder_) / (clipped + shoulder_);
    return gamma_ == 1.0 ? clipped : clipped.pow(1.0 / gamma_);
}

torch::Tensor CameraResponse::add_noise(const torch::Tensor &light, uint64_t generator_seed) const {
    if (read_noise_ == 0)
        return light;
    const auto generator = at::detail::createCPUGenerator(generator_seed);
    const auto normal =
        at::randn(light.sizes(), generator, at::TensorOptions(at::kFloat)).to(light.device());
    const auto deviation = (light.clamp_min(0) * shot_noise_ + read_noise_ * read_noise_).sqrt();
    return light + normal * deviation;
}

} // namespace deblur
