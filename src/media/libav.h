// Ownership and errors of FFmpeg's libraries, which the tools read and write media with.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

extern "C" {
struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;
struct SwsContext;
}

namespace deblur {

/// A picture or video cannot be read or written. The message names the file and the cause.
class MediaError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct LibavDeleter {
    void operator()(AVCodecContext *context) const;
    void operator()(AVFrame *frame) const;
    void operator()(AVPacket *packet) const;
    void operator()(SwsContext *context) const;
};

using CodecContextPtr = std::unique_ptr<AVCodecContext, LibavDeleter>;
using FramePtr = std::unique_ptr<AVFrame, LibavDeleter>;
using PacketPtr = std::unique_ptr<AVPacket, LibavDeleter>;
using ScalerPtr = std::unique_ptr<SwsContext, LibavDeleter>;

FramePtr new_frame();
PacketPtr new_packet();

/// Returns code if it is not negative.
///
/// @throws MediaError "WHAT: cause" otherwise
int check(int code, const std::string &what);

/// Keeps FFmpeg's own messages below error level off the terminal: what fails is thrown.
void quiet_libav();

} // namespace deblur
