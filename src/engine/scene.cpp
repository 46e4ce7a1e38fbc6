// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/scene.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "engine/luma.h"

namespace deblur {

namespace {

// Small enough that noise and fine motion average out.
constexpr int64_t kThumbnailHeight = 36, kThumbnailWidth = 64;

torch::Tensor make_thumbnail(const torch::Tensor &frame) {
    const auto small = at::adaptive_avg_pool2d(frame, {std::min(frame.size(2), kThumbnailHeight),
                                                       std::min(frame.size(3), kThumbnailWidth)});
    return luma_of(small);
}

// In percent of full scale.
float mean_change(const torch::Tensor &from, const torch::Tensor &to) {
    return 100 * (to - from).abs().mean().item<float>();
}

} // namespace

bool SceneDetector::is_cut(const torch::Tensor &frame) {
    if (threshold_ <= 0)
        return false;
    thumbnail_before_ = thumbnail_;
    change_before_ = change_;
    thumbnail_ = make_thumbnail(frame);
    if (!thumbnail_before_.defined())
        return false;
    change_ = mean_change(thumbnail_before_, thumbnail_);
    return change_ - change_before_ > threshold_;
}

bool SceneDetector::was_flash(const torch::Tensor &next) {
    if (!thumbnail_before_.defined())
        return false;
    const float change = mean_change(thumbnail_before_, make_thumbnail(next));
    if (change - 2 * change_before_ > threshold_)
        return false;
    thumbnail_ = thumbnail_before_;
    // Two frames' worth of motion lie between it and the next one.
    change_ = 2 * change_before_;
    return true;
}

void SceneDetector::reset() {
    thumbnail_ = thumbnail_before_ = torch::Tensor();
    change_ = change_before_ = 0;
}

} // namespace deblur
