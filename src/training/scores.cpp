// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/scores.h"

#include <algorithm>
#include <limits>

#include <ATen/ATen.h>

#include "network/patch_windows.h"
#include "network/perception.h"
#include "training/metrics.h"

namespace deblur {

namespace {

// PSNR over the pixels of a mask, 1 x H x W; nothing where it has few.
void add_masked_psnr(OptionalMean &mean, const torch::Tensor &frame, const torch::Tensor &sharp,
                     const torch::Tensor &mask) {
    constexpr double kFew = 0.002; // of the picture
    if (mask.to(at::kFloat).mean().item<double>() < kFew)
        return;
    const auto chosen = mask.expand_as(frame);
    mean.add(deblur::psnr(frame.masked_select(chosen), sharp.masked_select(chosen)));
}

PatchWindow largest_window(const torch::Tensor &map) {
    const auto windows = patch_windows(map.size(0), map.size(1));
    return windows[static_cast<size_t>(heat_in_windows(map, windows).argmax().item<int64_t>())];
}

// Intersection over union.
double overlap(const PatchWindow &a, const PatchWindow &b) {
    const auto common = [](int64_t begin_a, int64_t length_a, int64_t begin_b, int64_t length_b) {
        return std::max<int64_t>(0, std::min(begin_a + length_a, begin_b + length_b) - std::max(begin_a, begin_b));
    };
    const auto both = common(a.top, a.height, b.top, b.height) * common(a.left, a.width, b.left, b.width);
    return static_cast<double>(both) / static_cast<double>(a.height * a.width + b.height * b.width - both);
}

} // namespace

void Tally::add(const torch::Tensor &frame, const torch::Tensor &map, const Truth &truth) {
    psnr_.push_back(deblur::psnr(frame, truth.sharp));
    if (truth.blur.defined())
        add_local(frame, map, truth);
    ssim_ += deblur::ssim(frame, truth.sharp);
    if (truth.motion) {
        const auto now = frame.unsqueeze(0), before = previous_.unsqueeze(0);
        warping_ += warping_error(now, before, *truth.motion);
        true_warping_ += truth.warping_error;
        motion_ += motion_error(now, before, *truth.motion);
        ++moving_;
    }
    previous_ = frame;
}

Scores Tally::scores() const {
    Scores scores;
    const auto frames = static_cast<double>(psnr_.size());
    for (const double value : psnr_)
        scores.psnr += value / frames;
    scores.ssim = ssim_ / frames;
    if (moving_ > 0) {
        scores.warping = warping_ / std::max(true_warping_, std::numeric_limits<double>::min());
        scores.motion_error = motion_ / moving_;
    }
    scores.inside = inside_.value();
    scores.outside = outside_.value();
    scores.iou = iou_.value();
    scores.region_iou = region_iou_.value();
    return scores;
}

void Tally::add_local(const torch::Tensor &frame, const torch::Tensor &map, const Truth &truth) {
    const bool has_people = truth.people.defined();
    const auto inside = has_people ? truth.people > 0.5 : truth.blur > kLocalBlur;
    add_masked_psnr(inside_, frame, truth.sharp, inside);
    add_masked_psnr(outside_, frame, truth.sharp, inside.logical_not());
    if (!map.defined())
        return;
    const auto found = map > 0.5, there = has_people ? inside : truth.blur > 0.5 * BlurPerception::kFullBlur;
    const auto either = found.logical_or(there).sum().item<double>();
    if (either > 0)
        iou_.add(found.logical_and(there).sum().item<double>() / either);
    if (!has_people && inside.any().item<bool>())
        region_iou_.add(overlap(largest_window(map[0]), largest_window(truth.blur[0])));
}

} // namespace deblur
