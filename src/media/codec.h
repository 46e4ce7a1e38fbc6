// Decoders and encoders of FFmpeg's libavcodec.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <string>

#include <torch/types.h>

#include "media/libav.h"
#include "media/pixels.h"

struct AVCodecParameters;

namespace deblur {

/// Packets in, frames out. After every send() receive() until it returns false.
class Decoder {
  public:
    /// @param codec_id    AVCodecID
    /// @param parameters  the stream's, or NULL
    /// @param name        stands in messages
    Decoder(int codec_id, const AVCodecParameters *parameters, const std::string &name);

    /// @param packet  NULL at the end of the stream
    void send(const AVPacket *packet);

    /// False if there is no frame before the next packet, or at all after the end.
    bool receive(AVFrame &frame);

  private:
    std::string name_;
    CodecContextPtr context_;
};

struct EncoderOptions {
    std::string codec;        ///< FFmpeg's name
    std::string pixel_format; ///< FFmpeg's name, 8 bits
    int width = 0, height = 0;
    double frame_rate = 25;
    bool global_header = false; ///< parameter sets in front of the stream, as some containers want
    double quantiser = 0; ///< constant, for encoders without a rate factor of their own; 0: none
    std::map<std::string, std::string> codec_options;
};

/// Pictures in, packets out. One thread, so that the same input gives the same output.
class Encoder {
  public:
    using Sink = std::function<void(AVPacket &)>;

    /// @param name  stands in messages
    Encoder(const EncoderOptions &options, const std::string &name);

    /// @param picture  uint8, height x width x 3 (RGB) or height x width (gray)
    void encode(const torch::Tensor &picture, const Sink &sink);

    /// Drains the encoder.
    void finish(const Sink &sink);

    const AVCodecContext &context() const { return *context_; }

    /// True if FFmpeg has an encoder of this name.
    static bool exists(const std::string &codec);

  private:
    void submit(const AVFrame *frame, const Sink &sink);

    std::string name_;
    TensorToFrame to_frame_;
    CodecContextPtr context_;
    int64_t next_pts_ = 0;
};

} // namespace deblur
