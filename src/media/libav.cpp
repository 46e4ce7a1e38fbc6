// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/libav.h"

#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libswscale/swscale.h>
}

namespace deblur {

void LibavDeleter::operator()(AVCodecContext *context) const {
    avcodec_free_context(&context);
}
void LibavDeleter::operator()(AVFrame *frame) const {
    av_frame_free(&frame);
}
void LibavDeleter::operator()(AVPacket *packet) const {
    av_packet_free(&packet);
}
void LibavDeleter::operator()(SwsContext *context) const {
    sws_freeContext(context);
}

FramePtr new_frame() {
    FramePtr frame(av_frame_alloc());
    if (!frame)
        throw std::bad_alloc();
    return frame;
}

PacketPtr new_packet() {
    PacketPtr packet(av_packet_alloc());
    if (!packet)
        throw std::bad_alloc();
    return packet;
}

int check(int code, const std::string &what) {
    if (code >= 0)
        return code;
    char cause[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(code, cause, sizeof(cause));
    throw MediaError(what + ": " + cause);
}

void quiet_libav() {
    av_log_set_level(AV_LOG_ERROR);
}

} // namespace deblur
