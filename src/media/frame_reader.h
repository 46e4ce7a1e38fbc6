// The frames of a clip, whether it is a folder of pictures or a video file.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "media/video_reader.h"

namespace deblur {

/// Reads pictures in the order of their numbers (2.png before 10.png), or the frames of a video.
/// All members throw MediaError, naming the file and the cause; a folder without pictures is an
/// error.
class FrameReader {
  public:
    explicit FrameReader(const std::string &path);

    /// The next frame, uint8 H x W x 3, RGB; nothing at the end.
    std::optional<torch::Tensor> read();

  private:
    std::vector<std::string> pictures_;
    size_t next_ = 0;
    std::optional<VideoReader> video_; // if there are no pictures
};

} // namespace deblur
