// Between FFmpeg's frames and tensors of 8-bit samples.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <torch/types.h>

#include "media/libav.h"

namespace deblur {

/// Copies the first plane as it is, uint8 H x W: gray values, or the indices of a palette.
torch::Tensor first_plane(const AVFrame &frame);

/// Converts frames of one stream to tensors. Chroma is interpolated at full resolution with exact
/// rounding; matrix and range follow the frame's tags, and where there is none, BT.709 from 720
/// lines upwards, BT.601 below, limited range for YUV.
class FrameToTensor {
  public:
    /// @param channels  3: RGB, 4: RGBA
    explicit FrameToTensor(int channels = 3) : channels_(channels) {}

    /// uint8, H x W x channels. The frame's size and format may change between calls.
    torch::Tensor operator()(const AVFrame &frame);

  private:
    int channels_;
    ScalerPtr scaler_;
    int width_ = 0, height_ = 0, format_ = -1, matrix_ = -1, full_range_ = -1;
};

/// Converts tensors to frames of one pixel format, with the same rules and tags set accordingly.
class TensorToFrame {
  public:
    /// @param format  FFmpeg's name of an 8-bit pixel format
    /// @throws MediaError if FFmpeg has no such format
    TensorToFrame(const std::string &format, int width, int height);

    /// @param pixels  uint8, height x width x 3 (RGB) or height x width (gray)
    FramePtr operator()(const torch::Tensor &pixels);

    int format() const { return format_; }
    int matrix() const { return matrix_; }     ///< AVColorSpace
    int color_range() const { return range_; } ///< AVColorRange

  private:
    int format_, width_, height_, matrix_, range_;
    ScalerPtr scaler_;
    int source_format_ = -1;
};

} // namespace deblur
