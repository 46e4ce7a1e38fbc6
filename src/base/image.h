// Pictures as the engine works with them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace deblur {

/// Planes of height x width float32 samples, one after the other and without gaps. Copies share their samples.
class Image {
  public:
    Image() = default;

    /// Samples of the engine's own, not initialised.
    Image(int channels, int height, int width)
        : channels_(channels), height_(height), width_(width), samples_(new float[size()], std::default_delete<float[]>()) {}

    /// Samples of another owner, perhaps in a device's memory.
    Image(int channels, int height, int width, std::shared_ptr<float> samples)
        : channels_(channels), height_(height), width_(width), samples_(std::move(samples)) {}

    bool empty() const { return !samples_; }
    int channels() const { return channels_; }
    int height() const { return height_; }
    int width() const { return width_; }
    bool has_size(int height, int width) const { return height_ == height && width_ == width; }

    size_t plane_size() const { return static_cast<size_t>(height_) * static_cast<size_t>(width_); }
    size_t size() const { return static_cast<size_t>(channels_) * plane_size(); } ///< samples in all

    float *data() const { return samples_.get(); }
    float *plane(int channel) const { return data() + static_cast<size_t>(channel) * plane_size(); }
    float *row(int channel, int y) const {
        return plane(channel) + static_cast<size_t>(y) * static_cast<size_t>(width_);
    }

    const std::shared_ptr<float> &owner() const { return samples_; }

  private:
    int channels_ = 0, height_ = 0, width_ = 0;
    std::shared_ptr<float> samples_;
};

} // namespace deblur
