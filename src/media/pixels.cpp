// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/pixels.h"

#include <cstring>

#include <ATen/ATen.h>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace deblur {

namespace {

constexpr int kScalerFlags =
    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;

bool is_yuv(const AVPixFmtDescriptor &format) {
    return format.nb_components >= 3 &&
           !(format.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
}

int matrix_of_size(int height) {
    return height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

ScalerPtr new_scaler(int width, int height, int from, int to) {
    ScalerPtr scaler(sws_getContext(width, height, static_cast<AVPixelFormat>(from), width, height,
                                    static_cast<AVPixelFormat>(to), kScalerFlags, nullptr, nullptr,
                                    nullptr));
    if (!scaler)
        throw MediaError(std::string("no conversion from ") +
                         av_get_pix_fmt_name(static_cast<AVPixelFormat>(from)) + " to " +
                         av_get_pix_fmt_name(static_cast<AVPixelFormat>(to)));
    return scaler;
}

void set_colors(SwsContext &scaler, int matrix, bool full_in, bool full_out) {
    const int *table = sws_getCoefficients(matrix); // AVColorSpace and SWS_CS_* agree in number
    sws_setColorspaceDetails(&scaler, table, full_in, table, full_out, 0, 1 << 16, 1 << 16);
}

// yuvj420p and its kin say "full range" in the format rather than in the tag.
int without_range(int format) {
    std::string name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(format));
    return name.compare(0, 4, "yuvj") == 0 ? av_get_pix_fmt(name.erase(3, 1).c_str()) : format;
}

} // namespace

torch::Tensor first_plane(const AVFrame &frame) {
    auto plane = at::empty({frame.height, frame.width}, at::kByte);
    for (int y = 0; y < frame.height; ++y)
        std::memcpy(plane.data_ptr<uint8_t>() + int64_t{y} * frame.width,
                    frame.data[0] + int64_t{y} * frame.linesize[0],
                    static_cast<size_t>(frame.width));
    return plane;
}

torch::Tensor FrameToTensor::operator()(const AVFrame &frame) {
    const int format = without_range(frame.format);
    const auto &descriptor = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
    const bool full =
        !is_yuv(descriptor) || format != frame.format || frame.color_range == AVCOL_RANGE_JPEG;
    const bool tagged =
        frame.colorspace != AVCOL_SPC_UNSPECIFIED && frame.colorspace != AVCOL_SPC_RGB;
    const int matrix = tagged ? frame.colorspace : matrix_of_size(frame.height);
    if (!scaler_ || frame.width != width_ || frame.height != height_ || format != format_ ||
        matrix != matrix_ || full != full_range_) {
        scaler_ = new_scaler(frame.width, frame.height, format,
                             channels_ == 4 ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24);
        set_colors(*scaler_, matrix, full, true);
        width_ = frame.width;
        height_ = frame.height;
        format_ = format;
        matrix_ = matrix;
        full_range_ = full;
    }
    // The scaler writes whole vectors: rows get room behind them.
    const int64_t stride = (int64_t{frame.width} * channels_ + 63) / 64 * 64 + 64;
    auto rows = at::empty({frame.height, stride}, at::kByte);
    uint8_t *planes[] = {rows.data_ptr<uint8_t>()};
    const int strides[] = {static_cast<int>(stride)};
    check(sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides),
          "pixel conversion");
    return rows.narrow(1, 0, int64_t{frame.width} * channels_)
        .contiguous()
        .view({frame.height, frame.width, channels_});
}

TensorToFrame::TensorToFrame(const std::string &format, int width, int height)
    : format_(av_get_pix_fmt(format.c_str())), width_(width), height_(height) {
    if (format_ == AV_PIX_FMT_NONE)
        throw MediaError("FFmpeg has no pixel format '" + format + "'");
    const bool yuv = is_yuv(*av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format_)));
    matrix_ = yuv ? matrix_of_size(height) : AVCOL_SPC_RGB;
    range_ = yuv ? AVCOL_RANGE_MPEG : AVCOL_RANGE_JPEG;
}

FramePtr TensorToFrame::operator()(const torch::Tensor &pixels) {
    const bool gray = pixels.dim() == 2;
    if (pixels.scalar_type() != at::kByte || pixels.size(0) != height_ ||
        pixels.size(1) != width_ || (!gray && (pixels.dim() != 3 || pixels.size(2) != 3)))
        throw MediaError("a picture is uint8, " + std::to_string(height_) + " x " +
                         std::to_string(width_) + " (x 3)");
    const int source = gray ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24;
    if (source != source_format_) {
        scaler_ = new_scaler(width_, height_, source, format_);
        set_colors(*scaler_, matrix_of_size(height_), true, range_ == AVCOL_RANGE_JPEG);
        source_format_ = source;
    }
    auto frame = new_frame();
    frame->width = width_;
    frame->height = height_;
    frame->format = format_;
    frame->colorspace = static_cast<AVColorSpace>(matrix_);
    frame->color_range = static_cast<AVColorRange>(range_);
    check(av_frame_get_buffer(frame.get(), 0), "picture buffer");
    const auto bytes = pixels.cpu().contiguous();
    const uint8_t *planes[] = {bytes.data_ptr<uint8_t>()};
    const int strides[] = {width_ * (gray ? 1 : 3)};
    check(sws_scale(scaler_.get(), planes, strides, 0, height_, frame->data, frame->linesize),
          "pixel conversion");
    return frame;
}

} // namespace deblur
