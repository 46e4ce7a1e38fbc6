// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr.h"

#include <cmath>

#include <ATen/ATen.h>

#include "network/patch_windows.h"
#include "network/region_refinement.h"

namespace deblur {

namespace {

constexpr int64_t kWidth = 8;
constexpr int64_t kImageLevels = 8, kPatchLevels = 7; // down to one pixel of 256, and of 128

// H^b of the first picture, or of another.
torch::Tensor blur_heat(const Verdict &verdict, int64_t n = 0) {
    return verdict.heat[n][1];
}

} // namespace

Brmr::Brmr(const NetworkConfig &config) : Network(config) {
    const int64_t width = config.width > 0 ? config.width : kWidth;
    image_ = register_module(
        "image", std::make_shared<ConditionalGan>(window_frames(), width, kImageLevels, config.residual));
    patch_ = register_module("patch", std::make_shared<ConditionalGan>(1, width, kPatchLevels, config.residual));
}

torch::Tensor Brmr::refine_patch(const torch::Tensor &patch) const {
    return patch_->restore(patch, compute_type());
}

StepResult Brmr::step(const torch::Tensor &window, const State &state) {
    const auto blurry = centre(window);
    const auto restored = image_->restore(window, compute_type());
    StepResult result;
    if (at::GradMode::is_enabled()) {
        result.correction = restored - blurry;
        result.outputs = {window};
        return result;
    }
    std::vector<torch::Tensor> pictures, memories;
    for (int64_t n = 0; n < blurry.size(0); ++n) {
        const auto refined = refine(window.narrow(0, n, 1), restored.narrow(0, n, 1).clamp(0, 1),
                                    state.empty() ? torch::Tensor() : state[0][n], passes());
        pictures.push_back(refined.picture);
        memories.push_back(refined.memory);
    }
    const auto picture = at::cat(pictures);
    result.correction = picture - blurry;
    result.map = blur_map(image_->judge(window, picture));
    if (passes() > 0)
        result.state = {at::stack(memories)};
    return result;
}

Refinement Brmr::refine(const torch::Tensor &window, const torch::Tensor &picture, const torch::Tensor &memory,
                        int windows) const {
    const Refiner refiner{[&](const torch::Tensor &candidate) {
                              const auto verdict = image_->judge(window, candidate);
                              return Judgement{std::exp(verdict.sharp.item<double>()), blur_heat(verdict)};
                          },
                          [&](const torch::Tensor &patch) { return refine_patch(patch); }};
    return refine_regions(picture, memory, windows, refiner);
}

Brmr::Patches Brmr::mine(const torch::Tensor &window, const torch::Tensor &restored, const FrameTruth &truth) const {
    const torch::NoGradGuard no_grad;
    const auto verdict = image_->judge(window, restored);
    const auto places = patch_windows(restored.size(2), restored.size(3));
    std::vector<torch::Tensor> mined, blurry, sharp, blur;
    for (int64_t n = 0; n < restored.size(0); ++n) {
        const auto most = heat_in_windows(blur_heat(verdict, n), places).argmax().item<int64_t>();
        const auto &place = places[static_cast<size_t>(most)];
        mined.push_back(place.of(restored[n]));
        blurry.push_back(place.of(truth.blurry[n]));
        sharp.push_back(place.of(truth.sharp[n]));
        blur.push_back(place.of(truth.blur[n]));
    }
    return {at::stack(mined), at::stack(blurry), at::stack(sharp), at::stack(blur)};
}

torch::Tensor Brmr::objective(const StepResult &result, const FrameTruth &truth) const {
    const auto &window = result.outputs.front();
    const auto restored = truth.blurry + result.correction;
    const auto patches = mine(window, restored.detach(), truth);
    const auto refined = refine_patch(patches.mined);
    return image_->generator_loss(window, restored) + at::l1_loss(refined, patches.sharp) +
           patch_->generator_loss(patches.blurry, refined);
}

bool Brmr::owns(const std::string &parameter) const {
    return parameter.find(".discriminator.") != std::string::npos;
}

torch::Tensor Brmr::loss(const StepResult &result, const FrameTruth &truth) const {
    const auto &window = result.outputs.front();
    const auto restored = (truth.blurry + result.correction).detach();
    const auto patches = mine(window, restored, truth);
    const auto refined = refine_patch(patches.mined).detach();
    return image_->discriminator_loss(window, truth.sharp, restored, truth.blur) +
           patch_->discriminator_loss(patches.blurry, patches.sharp, refined, patches.blur);
}

double Brmr::macs_per_pixel() const {
    constexpr double kPasses = 3, kPixels = 640 * 480;
    const double judged = kPasses + 2; // of iGAN's picture and, for the map, of the last
    return image_->generator_macs() + judged * image_->discriminator_macs() +
           kPasses * patch_->generator_macs() * kPatchSide * kPatchSide / kPixels;
}

} // namespace deblur
