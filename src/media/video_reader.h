// Reads the frames of a video file.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <torch/types.h>

namespace deblur {

/// Decodes the first video stream of a file, frame by frame. All members throw MediaError, naming
/// the file and the cause.
class VideoReader {
  public:
    explicit VideoReader(const std::string &path);
    ~VideoReader();

    /// The next frame, uint8 H x W x 3, RGB, as coded (a rotation tag is not applied); nothing at
    /// the end of the stream.
    std::optional<torch::Tensor> read();

    int width() const;
    int height() const;
    double frame_rate() const; ///< frames per second; 0 if the file does not tell

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deblur
