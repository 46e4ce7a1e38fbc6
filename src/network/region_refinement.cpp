// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/region_refinement.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr double kFade = 0.25;   // of a window's weight, by frame
constexpr double kRecent = 0.25; // what a frame's heat counts for in the average

// By so much the confidence may fall, ours: whether a good refinement of one window raises what is thought of the whole
// picture or lowers it, by a thousandth, is chance.
constexpr double kUncertainty = 0.01;

constexpr int kLoyalty = 3;      // times the passes: so many of the most blurred windows keep their place

constexpr float kVisited = -std::numeric_limits<float>::infinity();

torch::Tensor paste(const torch::Tensor &picture, const PatchWindow &window, const torch::Tensor &patch,
                    double weight) {
    auto pasted = picture.clone();
    const auto share = weight * feather(window, picture.size(2), picture.size(3));
    window.of(pasted).lerp_(patch, share.expand_as(patch));
    return pasted;
}

} // namespace

Refinement refine_regions(const torch::Tensor &picture, const torch::Tensor &memory, int passes,
                          const Refiner &refiner) {
    Refinement result{picture, memory};
    if (passes == 0)
        return result;
    const bool is_first = !memory.defined();
    const auto windows = patch_windows(picture.size(2), picture.size(3));
    auto now = refiner.judge(picture);
    auto heat = heat_in_windows(now.heat, windows);
    const auto average = is_first ? heat : at::lerp(memory.select(0, 0), heat[0], kRecent).unsqueeze(0);
    const auto before = is_first ? at::zeros_like(heat) : memory.narrow(0, 1, 1); // weights
    auto weights = at::zeros_like(heat);
    auto visited = at::zeros_like(heat, at::kBool);
    const auto ranks = std::min<int64_t>(int64_t{kLoyalty} * passes, heat.size(1));
    const float enough = std::get<0>(average[0].topk(ranks)).min().item<float>();
    auto mined = average; // falls where the picture becomes sharper
    for (; result.tried < std::min<int>(passes, static_cast<int>(windows.size())); ++result.tried) {
        const auto kept = mined.masked_fill((before == 0).logical_or(visited), kVisited);
        const bool has_kept = kept.max().item<float>() > kVisited;
        const auto chosen = (has_kept ? kept : mined.masked_fill(visited, kVisited)).argmax().item<int64_t>();
        const auto &window = windows[static_cast<size_t>(chosen)];
        visited[0][chosen] = true;

        const auto patch = refiner.refine(picture, window);
        const auto candidate = paste(result.picture, window, patch, 1);
        const auto judged = refiner.judge(candidate);
        const bool is_better = judged.confidence > now.confidence - kUncertainty;
        const double had = before[0][chosen].item<double>();
        const bool is_wanted = is_better && (had == 0 || average[0][chosen].item<float>() >= enough);
        const double weight = is_first ? double(is_better) : std::clamp(had + (is_wanted ? kFade : -kFade), 0.0, 1.0);
        result.accepted += is_better;
        if (weight > 0) {
            weights[0][chosen] = weight;
            result.picture = weight == 1 ? candidate : paste(result.picture, window, patch, weight);
            now = weight == 1 ? judged : refiner.judge(result.picture);
            const auto sharper = heat_in_windows(now.heat, windows);
            mined = mined + (sharper - heat);
            heat = sharper;
        } else if (had == 0) {
            ++result.tried;
            break;
        }
    }
    result.memory = at::cat({average, weights});
    return result;
}

} // namespace deblur
