// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/restorer.h"

#include <ATen/ATen.h>

#include "network/padding.h"
#include "picture/resize.h"

namespace deblur {

Restorer::Restorer(Settings settings, const deblur_format &format)
    : settings_(std::move(settings)), format_(format), converter_(format),
      detector_(settings_.scene), window_(settings_.network->config().window) {}

void Restorer::take(const deblur_frame &frame) {
    const auto image = resize(converter_.read(frame), settings_.height, settings_.width);
    if (frame.reset)
        detector_.reset();
    if (detector_.is_cut(image) || frame.reset)
        finish_scene();
    window_.push(pad_to_multiple(image.to(settings_.device), settings_.network->size_multiple()));
    waiting_.push_back(frame);
    if (window_.is_complete())
        restore_next();
}

void Restorer::finish_scene() {
    while (window_.pending() > 0)
        restore_next();
    window_.clear();
    state_.clear();
}

void Restorer::restore_next() {
    auto [correction, state] = settings_.network->step(window_.next(), state_);
    state_ = std::move(state);
    correction = crop(correction, settings_.height, settings_.width).to(at::kCPU);

    const deblur_frame frame = waiting_.front();
    if (!at::isfinite(correction.sum()).item<bool>()) {
        // A state with a NaN in it would never recover.
        state_.clear();
        if (!has_warned_)
            settings_.warn("the network's output is not finite: frame left as it is, state reset; "
                           "another precision may help");
        has_warned_ = true;
    } else if (frame.strength > 0) {
        converter_.correct(frame, resize(correction, format_.height, format_.width));
    }
    waiting_.pop_front();
    settings_.finished(frame.opaque);
}

} // namespace deblur
