// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/pair_clips.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "training/random.h"

namespace deblur {

PairClips::PairClips(const std::string &directory, int64_t frames, int64_t size, uint64_t seed)
    : frames_(frames), size_(size), seed_(seed) {
    for (auto &sequence : read_sequences(directory)) {
        const auto &frame = sequence.sharp[0];
        if (static_cast<int64_t>(sequence.sharp.size()) >= frames && frame.size(1) >= size &&
            frame.size(2) >= size)
            sequences_.push_back(std::move(sequence));
    }
    if (sequences_.empty())
        throw std::runtime_error("'" + directory + "' must hold a sequence of " +
                                 std::to_string(frames) + " frames of " + std::to_string(size) +
                                 " x " + std::to_string(size) + " pixels or more");
}

Clip PairClips::clip(uint64_t index) const {
    constexpr double kNoise = 3.0 / 255;
    Random random(seed_, index);
    const auto &sequence = sequences_[static_cast<size_t>(
        random.integer(0, static_cast<int64_t>(sequences_.size()) - 1))];
    const int64_t first = random.integer(0, static_cast<int64_t>(sequence.sharp.size()) - frames_);
    const int64_t top = random.integer(0, sequence.sharp[0].size(1) - size_);
    const int64_t left = random.integer(0, sequence.sharp[0].size(2) - size_);
    const auto part = [&](const std::vector<torch::Tensor> &frames) {
        const std::vector<torch::Tensor> shown(frames.begin() + first,
                                               frames.begin() + first + frames_);
        return at::stack(shown).narrow(2, top, size_).narrow(3, left, size_).contiguous();
    };
    Clip clip;
    clip.blurry = part(sequence.blurry);
    clip.sharp = part(sequence.sharp);
    clip.blur = clip.motion =
        ((clip.blurry - clip.sharp).abs().amax(1, true) > kNoise).to(at::kFloat);
    clip.foreground = at::zeros_like(clip.blur);
    return clip;
}

} // namespace deblur
