// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/restorer.h"

#include <utility>

namespace deblur {

Restorer::Restorer(Settings settings, Backend::Stream stream)
    : settings_(std::move(settings)), stream_(std::move(stream)), detector_(settings_.scene),
      window_(settings_.window) {}

void Restorer::take(const deblur_frame &frame) {
    const auto image = stream_.pictures->read(frame);
    const auto thumbnail = settings_.scene > 0 ? stream_.pictures->thumbnail(image) : Image();
    if (suspect_)
        judge_suspect(!frame.reset && detector_.was_flash(thumbnail));
    if (frame.reset) {
        finish_scene();
        detector_.reset();
    }
    const bool is_sudden = detector_.is_cut(thumbnail);
    if (is_sudden && settings_.window > 0) {
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

void Restorer::push(const deblur_frame &frame, const Image &image) {
    window_.push(image);
    waiting_.push_back(frame);
    if (window_.is_complete())
        restore_next();
}

void Restorer::judge_suspect(bool was_flash) {
    const Suspect suspect = std::move(*suspect_);
    suspect_.reset();
    if (!was_flash)
        finish_scene();
    push(suspect.frame, suspect.image);
}

void Restorer::finish() {
    if (suspect_)
        judge_suspect(false);
    restore_pending();
    window_.clear();
    settle();
}

void Restorer::restart(const deblur_format &format) {
    stream_.pictures = stream_.make_pictures(format);
}

void Restorer::restore_pending() {
    while (window_.pending() > 0)
        restore_next();
}

void Restorer::finish_scene() {
    restore_pending();
    window_.clear();
    stream_.network->reset();
    is_fresh_ = true;
}

void Restorer::restore_next() {
    const auto start = std::chrono::steady_clock::now();
    const auto window = window_.next();
    const auto correction = stream_.network->step(window);

    const deblur_frame frame = waiting_.front();
    waiting_.pop_front();
    if (settings_.mask)
        stream_.pictures->show(frame, stream_.network->map());
    else
        stream_.pictures->correct(frame, correction);
    deblur_result result{};
    result.opaque = frame.opaque;
    result.starts_sequence = std::exchange(is_fresh_, false);
    if (settings_.stats) {
        const auto &image = window[window.size() / 2];
        stream_.network->wait();
        result.sharpness_before = stream_.pictures->sharpness(image);
        result.sharpness_after = frame.strength > 0
                                     ? stream_.pictures->sharpness(image, correction, frame.strength)
                                     : result.sharpness_before;
    }
    in_flight_.push_back({result, start});
    while (in_flight_.size() > stream_.pictures->depth())
        finish_oldest();
}

void Restorer::finish_oldest() {
    auto &[result, start] = in_flight_.front();
    if (!stream_.pictures->finish()) {
        // A state with a NaN in it would never recover.
        stream_.network->reset();
        is_fresh_ = true;
        result.sharpness_after = result.sharpness_before;
        if (!has_warned_)
            settings_.warn("the network's output is not finite: frame left as it is, state reset; "
                           "another precision may help");
        has_warned_ = true;
    }
    const std::chrono::duration<float, std::milli> time = std::chrono::steady_clock::now() - start;
    result.milliseconds = time.count();
    settings_.finished(result);
    in_flight_.pop_front();
}

void Restorer::settle() {
    while (!in_flight_.empty())
        finish_oldest();
}

} // namespace deblur
