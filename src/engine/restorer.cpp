// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/restorer.h"

#include <ATen/ATen.h>

#include "picture/resize.h"

namespace deblur {

Restorer::Restorer(Settings settings, const deblur_format &format)
    : settings_(std::move(settings)), format_(format), converter_(format),
      detector_(settings_.scene), window_(settings_.network->config().window),
      network_(make_inference_network(settings_.network,
                                      {settings_.placement.device, settings_.placement.type,
                                       settings_.height, settings_.width, settings_.threads})) {}

void Restorer::take(const deblur_frame &frame) {
    const auto image = resize(converter_.read(frame), settings_.height, settings_.width);
    if (frame.reset)
        detector_.reset();
    if (detector_.is_cut(image) || frame.reset)
        finish_scene();
    window_.push(image.to(settings_.placement.device));
    waiting_.push_back(frame);
    if (window_.is_complete())
        restore_next();
}

void Restorer::finish_scene() {
    while (window_.pending() > 0)
        restore_next();
    window_.clear();
    network_->reset();
}

void Restorer::restore_next() {
    const auto correction = network_->step(window_.next()).to(at::kCPU);

    const deblur_frame frame = waiting_.front();
    if (!at::isfinite(correction.sum()).item<bool>()) {
        // A state with a NaN in it would never recover.
        network_->reset();
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
