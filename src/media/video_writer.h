// Writes frames to a video file.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include <torch/types.h>

namespace deblur {

struct VideoWriterOptions {
    std::string codec = "ffv1";        ///< name of an encoder: ffv1, libx264, ...
    std::string pixel_format = "bgr0"; ///< FFmpeg's name, 8 bits; bgr0 is what ffv1 calls RGB
    double frame_rate = 25;            ///< constant, frames per second
    std::map<std::string, std::string> codec_options; ///< such as crf, preset
};

/// Options of a widely playable H.264 file (libx264, 4:2:0, even sizes only).
///
/// @param crf  0 (best) to 51
VideoWriterOptions h264_options(int crf, double frame_rate);

/// The container follows the file's extension. All members throw MediaError, naming the file and
/// the cause.
class VideoWriter {
  public:
    VideoWriter(const std::string &path, int width, int height,
                const VideoWriterOptions &options = {});

    /// Finishes the file if finish() was not called; errors are then lost.
    ~VideoWriter();

    /// @param frame  uint8, height x width x 3, RGB
    void write(const torch::Tensor &frame);

    /// Writes what the encoder still holds, and the end of the file.
    void finish();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deblur
