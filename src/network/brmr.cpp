// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <ATen/ATen.h>

#include "network/patch_windows.h"
#include "network/region_refinement.h"

namespace deblur {

namespace {

constexpr int64_t kWidth = 8;
constexpr int64_t kImageLevels = 8, kPatchLevels = 7; // down to one pixel of 256, and of 128
constexpr int64_t kMined = 3;                         // windows of a picture that pGAN learns from

// H^b of the first picture, or of another.
torch::Tensor blur_heat(const Verdict &verdict, int64_t n = 0) {
    return verdict.heat[n][1];
}

// iGAN's picture in a step of training, and the window that it was made of.
torch::Tensor restored_in(const StepResult &result, const FrameTruth &truth) {
    return truth.blurry + result.correction;
}

const torch::Tensor &window_in(const StepResult &result) {
    return result.outputs.front();
}

bool is_learning(const torch::nn::Module &module) {
    const auto parameters = module.parameters();
    return std::any_of(parameters.begin(), parameters.end(), [](const auto &p) { return p.requires_grad(); });
}

} // namespace

Brmr::Brmr(const NetworkConfig &config) : Network(config) {
    const int64_t width = config.width > 0 ? config.width : kWidth;
    image_ = register_module(
        "image", std::make_shared<ConditionalGan>(window_frames(), width, kImageLevels, config.residual));
    patch_ = register_module(
        "patch", std::make_shared<ConditionalGan>(window_frames(), width, kPatchLevels, config.residual));
}

torch::Tensor Brmr::refine_patch(const torch::Tensor &seen) const {
    return patch_->restore(seen, compute_type());
}

// A window whose middle frame is another picture.
torch::Tensor Brmr::with_centre(const torch::Tensor &window, const torch::Tensor &picture) const {
    const int64_t before = 3 * config().window;
    return at::cat({window.narrow(1, 0, before), picture, window.narrow(1, before + 3, before)}, 1);
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
                          [&](const torch::Tensor &candidate, const PatchWindow &place) {
                              return refine_patch(with_centre(place.of(window), place.of(candidate)));
                          }};
    return refine_regions(picture, memory, windows, refiner);
}

Brmr::Patches Brmr::mine(const StepResult &result, const FrameTruth &truth) const {
    const torch::NoGradGuard no_grad;
    const auto &window = window_in(result);
    const auto restored = restored_in(result, truth);
    const auto verdict = image_->judge(window, restored);
    const auto places = patch_windows(restored.size(2), restored.size(3));
    const auto count = std::min(kMined, static_cast<int64_t>(places.size()));
    std::vector<torch::Tensor> mined, windows, sharp, blur;
    for (int64_t n = 0; n < restored.size(0); ++n) {
        const auto most = std::get<1>(heat_in_windows(blur_heat(verdict, n), places)[0].topk(count));
        for (int64_t i = 0; i < count; ++i) {
            const auto &place = places[static_cast<size_t>(most[i].item<int64_t>())];
            mined.push_back(place.of(restored[n]));
            windows.push_back(place.of(window[n]));
            sharp.push_back(place.of(truth.sharp[n]));
            blur.push_back(place.of(truth.blur[n]));
        }
    }
    Patches patches{{}, at::stack(windows), at::stack(sharp), at::stack(blur)};
    patches.seen = with_centre(patches.window, at::stack(mined));
    return patches;
}

torch::Tensor Brmr::objective(const StepResult &result, const FrameTruth &truth) const {
    if (!is_learning(*patch_))
        return {};
    const auto patches = mine(result, truth);
    return truth.distance(refine_patch(patches.seen), patches.sharp);
}

bool Brmr::owns(const std::string &parameter) const {
    return parameter.find(".discriminator.") != std::string::npos;
}

torch::Tensor Brmr::loss(const StepResult &result, const FrameTruth &truth) const {
    const auto loss =
        image_->discriminator_loss(window_in(result), truth.sharp, restored_in(result, truth).detach(), truth.blur);
    if (!is_learning(*patch_))
        return loss;
    const auto patches = mine(result, truth);
    const auto refined = refine_patch(patches.seen).detach();
    return loss + patch_->discriminator_loss(patches.window, patches.sharp, refined, patches.blur);
}

torch::Tensor Brmr::deception(const StepResult &result, const FrameTruth &truth) const {
    const auto loss = image_->generator_loss(window_in(result), restored_in(result, truth));
    if (!is_learning(*patch_))
        return loss;
    const auto patches = mine(result, truth);
    return loss + patch_->generator_loss(patches.window, refine_patch(patches.seen));
}

double Brmr::macs_per_pixel() const {
    constexpr double kPasses = 3, kPixels = 640 * 480;
    const double judged = kPasses + 2; // of iGAN's picture and, for the map, of the last
    return image_->generator_macs() + judged * image_->discriminator_macs() +
           kPasses * patch_->generator_macs() * kPatchSide * kPatchSide / kPixels;
}

} // namespace deblur
