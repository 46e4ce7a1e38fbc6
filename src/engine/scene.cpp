// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/scene.h"

#include <algorithm>

#include <ATen/ATen.h>

namespace deblur {

namespace {

// Small enough that noise and fine motion average out.
constexpr int64_t kThumbnailHeight = 36, kThumbnailWidth = 64;

torch::Tensor make_thumbnail(const torch::Tensor &frame) {
    const auto small = at::adaptive_avg_pool2d(frame, {std::min(frame.size(2), kThumbnailHeight),
                                                       std::min(frame.size(3), kThumbnailWidth)});
    const auto weights = at::tensor({0.2126f, 0.7152f, 0.0722f}, small.options());
    return (small * weights.view({1, 3, 1, 1})).sum(1);
}

} // namespace

bool SceneDetector::is_cut(const torch::Tensor &frame) {
    if (threshold_ <= 0)
        return false;
    const auto previous = thumbnail_;
    thumbnail_ = make_thumbnail(frame);
    if (!previous.defined())
        return false;
    const float change = 100 * (thumbnail_ - previous).abs().mean().item<float>();
    const float rise = change - change_;
    change_ = change;
    return rise > threshold_;
}

void SceneDetector::reset() {
    thumbnail_ = torch::Tensor();
    change_ = 0;
}

} // namespace deblur
