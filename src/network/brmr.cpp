// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <ATen/ATen.h>

#include "network/patch_windows.h"
#include "network/region_refinement.h"
#include "network/window.h"

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

// The places of a batch in one after the other: P x channels x h x w.
torch::Tensor patches(const torch::Tensor &batch, const std::vector<std::vector<PatchWindow>> &places) {
    std::vector<torch::Tensor> all;
    for (size_t n = 0; n < places.size(); ++n)
        for (const auto &place : places[n])
            all.push_back(place.of(batch[static_cast<int64_t>(n)]));
    return at::stack(all);
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

// pGAN sees a window whose middle frame is what was restored.
torch::Tensor Brmr::refine_patch(const torch::Tensor &window, const torch::Tensor &picture) const {
    return patch_->restore(with_middle_frame(window, picture), compute_type());
}

StepResult Brmr::step(const torch::Tensor &window, const State &state) {
    const auto blurry = middle_frame(window);
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
                              return refine_patch(place.of(window), place.of(candidate));
                          }};
    return refine_regions(picture, memory, windows, refiner);
}

Brmr::Places Brmr::most_blurred(const torch::Tensor &window, const torch::Tensor &picture) const {
    const torch::NoGradGuard no_grad;
    const auto verdict = image_->judge(window, picture);
    const auto all = patch_windows(picture.size(2), picture.size(3));
    const auto count = std::min(kMined, static_cast<int64_t>(all.size()));
    Places places;
    for (int64_t n = 0; n < picture.size(0); ++n) {
        const auto most = std::get<1>(heat_in_windows(blur_heat(verdict, n), all)[0].topk(count));
        auto &mined = places.emplace_back();
        for (int64_t i = 0; i < count; ++i)
            mined.push_back(all[static_cast<size_t>(most[i].item<int64_t>())]);
    }
    return places;
}

Brmr::Mined Brmr::mine(const torch::Tensor &window, const torch::Tensor &picture) const {
    const auto places = most_blurred(window, picture);
    const auto seen = patches(window, places);
    return {places, seen, refine_patch(seen, patches(picture, places).detach())};
}

RefinedRegions Brmr::refine_most_blurred(const std::vector<RestoredFrame> &frames) const {
    const auto places = most_blurred(frames.front().window, frames.front().picture);
    std::vector<torch::Tensor> refined, sharp;
    for (const auto &frame : frames) {
        refined.push_back(refine_patch(patches(frame.window, places), patches(frame.picture, places).detach()));
        sharp.push_back(patches(frame.sharp, places));
    }
    return {at::stack(refined, 1), at::stack(sharp, 1)};
}

torch::Tensor Brmr::objective(const StepResult &result, const FrameTruth &truth) const {
    if (!is_learning(*patch_))
        return {};
    const auto regions = refine_most_blurred({{window_in(result), restored_in(result, truth), truth.sharp}});
    return truth.distance(regions.refined, regions.sharp);
}

bool Brmr::owns(const std::string &parameter) const {
    return parameter.find(".discriminator.") != std::string::npos;
}

torch::Tensor Brmr::loss(const StepResult &result, const FrameTruth &truth) const {
    const auto &window = window_in(result);
    const auto restored = restored_in(result, truth).detach();
    const auto loss = image_->discriminator_loss(window, truth.sharp, restored, truth.blur);
    if (!is_learning(*patch_))
        return loss;
    const auto mined = mine(window, restored);
    return loss + patch_->discriminator_loss(mined.window, patches(truth.sharp, mined.places), mined.refined.detach(),
                                             patches(truth.blur, mined.places));
}

torch::Tensor Brmr::deception(const StepResult &result, const FrameTruth &truth) const {
    const auto &window = window_in(result);
    const auto restored = restored_in(result, truth);
    const auto loss = image_->generator_loss(window, restored);
    if (!is_learning(*patch_))
        return loss;
    const auto mined = mine(window, restored);
    return loss + patch_->generator_loss(mined.window, mined.refined);
}

double Brmr::macs_per_pixel() const {
    constexpr double kPasses = 3, kPixels = 640 * 480;
    const double judged = kPasses + 2; // of iGAN's picture and, for the map, of the last
    return image_->generator_macs() + judged * image_->discriminator_macs() +
           kPasses * patch_->generator_macs() * kPatchSide * kPatchSide / kPixels;
}

} // namespace deblur
