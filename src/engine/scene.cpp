// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/scene.h"

#include <cmath>

namespace deblur {

namespace {

// In percent of full scale.
float mean_change(const Image &from, const Image &to) {
    float sum = 0;
    for (size_t i = 0; i < from.size(); ++i)
        sum += std::abs(to.data()[i] - from.data()[i]);
    return 100 * sum / static_cast<float>(from.size());
}

} // namespace

bool SceneDetector::is_cut(const Image &thumbnail) {
    if (threshold_ <= 0)
        return false;
    thumbnail_before_ = thumbnail_;
    change_before_ = change_;
    thumbnail_ = thumbnail;
    if (thumbnail_before_.empty())
        return false;
    change_ = mean_change(thumbnail_before_, thumbnail_);
    return change_ - change_before_ > threshold_;
}

bool SceneDetector::was_flash(const Image &next) {
    if (thumbnail_before_.empty())
        return false;
    const float change = mean_change(thumbnail_before_, next);
    if (change - 2 * change_before_ > threshold_)
        return false;
    thumbnail_ = thumbnail_before_;
    // Two frames' worth of motion lie between it and the next one.
    change_ = 2 * change_before_;
    return true;
}

void SceneDetector::reset() {
    thumbnail_ = thumbnail_before_ = Image();
    change_ = change_before_ = 0;
}

} // namespace deblur
