// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/high_speed.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "training/flow.h"
#include "training/sequences.h"

namespace deblur {

HighSpeedRecording::HighSpeedRecording(const std::string &path, const Shutter &shutter,
                                       const CameraResponse &response)
    : reader_(path), shutter_(shutter), response_(response) {}

std::optional<Exposed> HighSpeedRecording::read() {
    while (static_cast<int64_t>(sub_frames_.size()) < shutter_.tau) {
        const auto pixels = reader_.read();
        if (!pixels)
            return std::nullopt;
        sub_frames_.push_back(pixels_to_frame(*pixels));
    }
    torch::Tensor light;
    for (int64_t i = 0; i < shutter_.tau; ++i) {
        const auto sub_frame = response_.to_light(sub_frames_[static_cast<size_t>(i)]);
        light = light.defined() ? light.add_(sub_frame) : sub_frame.clone();
    }
    const auto middle = sub_frames_[static_cast<size_t>(shutter_.tau / 2)];
    const auto last = sub_frames_[static_cast<size_t>(shutter_.tau - 1)];
    Exposed exposed;
    exposed.blurry = response_.to_code(light / static_cast<double>(shutter_.tau));
    exposed.sharp = middle;
    exposed.motion = estimate_flow(last.unsqueeze(0), sub_frames_.front().unsqueeze(0)).squeeze(0).norm(2, {0}, true);
    exposed.step = exposed.motion.quantile(0.9).item<double>() /
                   static_cast<double>(std::max<int64_t>(1, shutter_.tau - 1));

    for (int64_t i = 0; i < shutter_.period; ++i) {
        if (!sub_frames_.empty())
            sub_frames_.pop_front();
        else if (!reader_.read())
            break;
    }
    return exposed;
}

} // namespace deblur
