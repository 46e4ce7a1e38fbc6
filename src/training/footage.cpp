// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/footage.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <stdexcept>

#include <ATen/ATen.h>

#include "media/video_reader.h"
#include "training/dense_flow.h"

namespace deblur {

namespace {

namespace fs = std::filesystem;

constexpr size_t kInterpolatedFrames = 40, kHighSpeedFrames = 300; // of a recording, at most
constexpr int64_t kLargest = 1280; // pixels on the longer side; larger recordings are shrunk
constexpr int64_t kMargin = 16;    // pixels around a part, of which motion may come in
constexpr int kCandidates = 4;     // parts of which the one with the most texture is taken
constexpr int64_t kMostSubFrames = 17;

torch::Tensor to_float(const torch::Tensor &bytes) {
    return bytes.to(at::kFloat).div(255);
}

double texture(const torch::Tensor &bytes, int64_t shrink) {
    const auto small = at::avg_pool2d(to_float(bytes).mean(0, true).unsqueeze(0), {shrink, shrink});
    return (small.slice(2, 1) - small.slice(2, 0, -1)).abs().mean().item<double>() +
           (small.slice(3, 1) - small.slice(3, 0, -1)).abs().mean().item<double>();
}

torch::Tensor read_frame(const torch::Tensor &pixels) {
    auto planes = pixels.permute({2, 0, 1}).contiguous();
    const int64_t height = planes.size(1), width = planes.size(2),
                  longest = std::max(height, width);
    if (longest <= kLargest)
        return planes;
    const auto small = at::_upsample_bicubic2d_aa(
        to_float(planes).unsqueeze(0), {height * kLargest / longest, width * kLargest / longest},
        false);
    return small.squeeze(0).clamp(0, 1).mul(255).round().to(at::kByte);
}

} // namespace

// A part of some consecutive frames, with a margin around it.
struct Footage::Part {
    std::vector<torch::Tensor> frames;
    int64_t shrink;
    mutable std::map<size_t, FlowPair> flows; // by the first frame

    const FlowPair &flow(size_t first) const {
        const auto found = flows.find(first);
        return found != flows.end()
                   ? found->second
                   : flows.emplace(first, FlowPair(frames[first], frames[first + 1])).first->second;
    }
    // The picture at a time in frames.
    torch::Tensor at(double time) const {
        const auto first = std::min(static_cast<size_t>(time), frames.size() - 2);
        const double share = time - static_cast<double>(first);
        return share == 0   ? to_float(frames[first])
               : share == 1 ? to_float(frames[first + 1])
                            : flow(first).at(share);
    }
};

// In light, and pixels of the recording: 3 x h x w, and 1 x h x w.
struct Footage::Exposure {
    torch::Tensor blurry, sharp, blur;
};

void Footage::add(const std::string &directory, Split split, bool is_high_speed) {
    std::vector<fs::path> files;
    if (fs::is_directory(directory))
        for (const auto &entry : fs::directory_iterator(directory))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end()); // directory order differs between file systems
    for (const auto &file : files) {
        const auto type = file.extension();
        if ((type != ".mp4" && type != ".mkv" && type != ".mov") ||
            !in_split(file.filename().string(), split))
            continue;
        VideoReader reader(file.string());
        Recording recording{{}, is_high_speed};
        while (recording.frames.size() < (is_high_speed ? kHighSpeedFrames : kInterpolatedFrames)) {
            const auto pixels = reader.read();
            if (!pixels)
                break;
            recording.frames.push_back(read_frame(*pixels));
        }
        if (recording.frames.empty())
            continue;
        const auto &frame = recording.frames[0];
        const bool is_large =
            std::min(frame.size(1), frame.size(2)) >= 2 * (options_.size + 2 * kMargin);
        if (is_large && static_cast<int64_t>(recording.frames.size()) >= 2 * options_.frames + 3)
            recordings_.push_back(std::move(recording));
    }
}

Footage::Part Footage::choose(Random &random, const Recording &recording, int64_t length) const {
    const auto &any = recording.frames[0];
    const int64_t side = options_.size + 2 * kMargin;
    Part part;
    const bool may_be_quarter = std::min(any.size(1), any.size(2)) >= 4 * side;
    part.shrink = may_be_quarter && random.chance(0.5) ? 4 : 2;
    const int64_t pixels = side * part.shrink;
    const int64_t first = random.integer(0, static_cast<int64_t>(recording.frames.size()) - length);
    const auto &middle = recording.frames[static_cast<size_t>(first + length / 2)];
    int64_t best_top = 0, best_left = 0;
    double best = -1;
    for (int i = 0; i < kCandidates; ++i) {
        const int64_t top = random.integer(0, any.size(1) - pixels),
                      left = random.integer(0, any.size(2) - pixels);
        const double energy =
            texture(middle.narrow(1, top, pixels).narrow(2, left, pixels), part.shrink);
        if (energy > best)
            best = energy, best_top = top, best_left = left;
    }
    for (int64_t i = 0; i < length; ++i)
        part.frames.push_back(recording.frames[static_cast<size_t>(first + i)]
                                  .narrow(1, best_top, pixels)
                                  .narrow(2, best_left, pixels)
                                  .contiguous());
    return part;
}

Footage::Exposure Footage::expose_interpolated(const Part &part, int64_t centre, double length,
                                               const CameraResponse &response) const {
    Exposure exposure;
    const auto before = static_cast<size_t>(centre - 1), after = static_cast<size_t>(centre);
    exposure.blur = (part.flow(before).motion() + part.flow(after).motion()) * (0.5 * length);
    const double farthest =
        std::get<0>(exposure.blur.flatten().kthvalue(exposure.blur.numel() * 19 / 20))
            .item<double>();
    const auto wanted =
        static_cast<int64_t>(std::ceil(farthest / static_cast<double>(part.shrink)));
    const int64_t count = std::clamp<int64_t>(wanted, 7, kMostSubFrames) | 1;
    for (int64_t i = 0; i < count; ++i) {
        const double offset =
            length * ((static_cast<double>(i) + 0.5) / static_cast<double>(count) - 0.5);
        const bool is_middle = i == count / 2;
        const auto light = response.to_light(
            part.at(is_middle ? static_cast<double>(centre) : static_cast<double>(centre) + offset)
                .unsqueeze(0));
        if (is_middle)
            exposure.sharp = light.squeeze(0).clone();
        exposure.blurry = exposure.blurry.defined() ? exposure.blurry.add_(light.squeeze(0))
                                                    : light.squeeze(0).clone();
    }
    exposure.blurry.div_(static_cast<double>(count));
    return exposure;
}

Footage::Exposure Footage::expose_high_speed(const Part &part, int64_t first, int64_t tau,
                                             const CameraResponse &response) const {
    const auto sub_frame = [&](int64_t i) { return part.frames[static_cast<size_t>(first + i)]; };
    Exposure exposure;
    exposure.blur = FlowPair(sub_frame(0), sub_frame(tau - 1)).motion();
    for (int64_t i = 0; i < tau; ++i) {
        const auto light = response.to_light(to_float(sub_frame(i)).unsqueeze(0)).squeeze(0);
        if (i == tau / 2)
            exposure.sharp = light.clone();
        exposure.blurry = exposure.blurry.defined() ? exposure.blurry.add_(light) : light.clone();
    }
    exposure.blurry.div_(static_cast<double>(tau));
    return exposure;
}

Clip Footage::clip(uint64_t index) const {
    if (recordings_.empty())
        throw std::logic_error("footage must have a recording");
    Random random(options_.seed, index);
    const auto &recording = recordings_[static_cast<size_t>(
        random.integer(0, static_cast<int64_t>(recordings_.size()) - 1))];
    const CameraResponse response(random, options_.response);
    const int64_t tau = 7 + 2 * random.integer(0, 4), period = random.integer(tau, 2 * tau - 1);
    const int64_t stride = recording.is_high_speed
                               ? period
                               : random.integer(1, 2); // 2: as if exposed for twice as long
    const int64_t length = recording.is_high_speed ? (options_.frames - 1) * period + tau
                                                   : (options_.frames - 1) * stride + 3;
    const auto part = choose(random, recording, length);
    std::vector<torch::Tensor> blurry, sharp, blur;
    const double share =
        static_cast<double>(stride) * static_cast<double>(tau) / static_cast<double>(period);
    for (int64_t n = 0; n < options_.frames; ++n) {
        const auto exposure = recording.is_high_speed
                                  ? expose_high_speed(part, n * period, tau, response)
                                  : expose_interpolated(part, 1 + n * stride, share, response);
        blurry.push_back(exposure.blurry);
        sharp.push_back(exposure.sharp);
        blur.push_back(exposure.blur / static_cast<double>(part.shrink));
    }
    const auto visible = [&](const torch::Tensor &x) {
        return shrunk(x, part.shrink)
            .narrow(2, kMargin, options_.size)
            .narrow(3, kMargin, options_.size)
            .contiguous();
    };
    Clip clip;
    clip.blurry = visible(response.to_code(response.add_noise(at::stack(blurry), random.bits())));
    clip.sharp = visible(response.to_code(at::stack(sharp)));
    clip.blur = clip.motion = visible(at::stack(blur));
    clip.foreground = at::zeros_like(clip.blur);
    return clip;
}

} // namespace deblur
