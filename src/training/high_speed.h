// Blurry and sharp sequences out of a real high-speed recording: Eq. 1 of Kim et al. 2017, read as it is.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <optional>

#include "media/frame_reader.h"
#include "training/camera.h"

namespace deblur {

/// One exposure of a recording, 3 x H x W and 1 x H x W, in [0,1] and pixels.
struct Exposed {
    torch::Tensor blurry; ///< B_n, the mean of tau sub-frames in light
    torch::Tensor sharp;  ///< S_n, the middle one
    torch::Tensor motion; ///< distance from the first sub-frame to the last, estimated; see flow.h
    double step; ///< how far nine tenths of the picture move at most between sub-frames, pixels
};

/// Reads a recording (a video, or a folder of pictures) exposure by exposure.
class HighSpeedRecording {
  public:
    /// @param response  turns code values into light and back; the paper's mean is that of gamma 1
    /// @throws MediaError if the file cannot be read
    HighSpeedRecording(const std::string &path, const Shutter &shutter,
                       const CameraResponse &response);

    /// Exposure n: sub-frames nT .. nT + tau - 1; nothing when they are not all there.
    std::optional<Exposed> read();

  private:
    FrameReader reader_;
    Shutter shutter_;
    CameraResponse response_;
    std::deque<torch::Tensor> sub_frames_; // code values
};

} // namespace deblur
