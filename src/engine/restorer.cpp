// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/restorer.h"

#include <chrono>
#include <utility>

#include <ATen/ATen.h>

#include "engine/sharpness.h"
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
    if (suspect_)
        judge_suspect(!frame.reset && detector_.was_flash(image));
    if (frame.reset) {
        finish_scene();
        detector_.reset();
    }
    const bool is_sudden = detector_.is_cut(image);
    if (is_sudden && settings_.network->config().window > 0) {
        // What it is, the next frame will tell. Those before it are better off without it in any
        // case, and it waits no longer than a window of m >= 1 makes it wait.
        restore_pending();
        suspect_ = Suspect{frame, image};
        return;
    }
    if (is_sudden)
        finish_scene();
    push(frame, image);
}

void Restorer::push(const deblur_frame &frame, const torch::Tensor &image) {
    window_.push(image.to(settings_.placement.device));
    waiting_.push_back(frame);
    if (window_.is_complete())
        restore_next();
}

void Restorer::judge_suspect(bool was_flash) {
    const Suspect suspect = *std::exchange(suspect_, std::nullopt);
    if (!was_flash)
        finish_scene();
    push(suspect.frame, suspect.image);
}

void Restorer::finish() {
    if (suspect_)
        judge_suspect(false);
    finish_scene();
}

void Restorer::restore_pending() {
    while (window_.pending() > 0)
        restore_next();
}

void Restorer::finish_scene() {
    restore_pending();
    window_.clear();
    network_->reset();
    is_fresh_ = true;
}

void Restorer::restore_next() {
    const auto start = std::chrono::steady_clock::now();
    const auto window = window_.next();
    const auto correction = network_->step(window).to(at::kCPU);

    const deblur_frame frame = waiting_.front();
    deblur_result result{};
    result.opaque = frame.opaque;
    result.starts_sequence = std::exchange(is_fresh_, false);
    float applied = frame.strength;
    if (!at::isfinite(correction.sum()).item<bool>()) {
        // A state with a NaN in it would never recover.
        network_->reset();
        is_fresh_ = true;
        applied = 0;
        if (!has_warned_)
            settings_.warn("the network's output is not finite: frame left as it is, state reset; "
                           "another precision may help");
        has_warned_ = true;
    } else if (frame.strength > 0) {
        converter_.correct(frame, resize(correction, format_.height, format_.width));
    }
    if (settings_.stats) {
        const auto image = window[window.size() / 2].to(at::kCPU);
        result.sharpness_before = sharpness(image);
        result.sharpness_after =
            applied > 0 ? sharpness(image + applied * correction) : result.sharpness_before;
    }
    const std::chrono::duration<float, std::milli> time = std::chrono::steady_clock::now() - start;
    result.milliseconds = time.count();
    waiting_.pop_front();
    settings_.finished(result);
}

} // namespace deblur
