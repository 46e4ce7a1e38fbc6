// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_files.h"

#include <filesystem>
#include <optional>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "media/picture_file.h"
#include "media/video_writer.h"
#include "training/sequences.h"

namespace deblur {

// One of the pictures of every frame: as a video, or as numbered files.
class ClipWriter::Track {
  public:
    Track(const std::string &path, ClipFormat format, double frame_rate,
          const torch::Tensor &pixels)
        : path_(path) {
        if (format == ClipFormat::Png) {
            std::filesystem::create_directories(path);
            return;
        }
        VideoWriterOptions options;
        options.frame_rate = frame_rate;
        if (pixels.dim() == 2)
            options.pixel_format = "gray";
        video_.emplace(path + ".mkv", static_cast<int>(pixels.size(1)),
                       static_cast<int>(pixels.size(0)), options);
    }

    void write(const torch::Tensor &pixels) {
        if (video_)
            video_->write(pixels);
        else
            write_picture(fmt::format("{}/{:06d}.png", path_, frames_), pixels);
        ++frames_;
    }

    void finish() {
        if (video_)
            video_->finish();
    }

  private:
    std::string path_;
    std::optional<VideoWriter> video_;
    int64_t frames_ = 0;
};

ClipWriter::ClipWriter(const std::string &directory, ClipFormat format, double frame_rate)
    : directory_(directory), format_(format), frame_rate_(frame_rate) {
    std::filesystem::create_directories(directory);
}

ClipWriter::~ClipWriter() = default;

ClipWriter::Track &ClipWriter::track(const std::string &name, const torch::Tensor &pixels) {
    auto &track = tracks_[name];
    if (!track)
        track = std::make_unique<Track>(directory_ + "/" + name, format_, frame_rate_, pixels);
    return *track;
}

void ClipWriter::write(const torch::Tensor &blurry, const torch::Tensor &sharp,
                       const torch::Tensor &motion, const torch::Tensor &foreground) {
    const auto add = [this](const std::string &name, const torch::Tensor &pixels) {
        track(name, pixels).write(pixels);
    };
    const auto gray = [](const torch::Tensor &x) {
        return x.squeeze(0).clamp(0, 255).round().to(at::kByte).contiguous();
    };
    add(format_ == ClipFormat::Png ? "blur" : "blurry", frame_to_pixels(blurry));
    add("sharp", frame_to_pixels(sharp));
    add("motion", gray(motion * kMotionCodes));
    if (foreground.defined())
        add("foreground", gray(foreground * 255));
}

void ClipWriter::finish() {
    for (auto &[name, track] : tracks_)
        track->finish();
}

} // namespace deblur
