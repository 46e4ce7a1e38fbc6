// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/video_reader.h"

#include "media/codec.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace deblur {

namespace {

struct InputDeleter {
    void operator()(AVFormatContext *input) const { avformat_close_input(&input); }
};
using InputPtr = std::unique_ptr<AVFormatContext, InputDeleter>;

InputPtr open_input(const std::string &path, const std::string &name) {
    quiet_libav();
    AVFormatContext *input = nullptr;
    check(avformat_open_input(&input, ("file:" + path).c_str(), nullptr, nullptr), name);
    InputPtr owner(input);
    check(avformat_find_stream_info(input, nullptr), name);
    return owner;
}

} // namespace

struct VideoReader::Impl {
    explicit Impl(const std::string &path)
        : name("'" + path + "'"), input(open_input(path, name)),
          stream(input->streams[check(
              av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0),
              name + ": no video")]),
          decoder(stream->codecpar->codec_id, stream->codecpar, name) {}

    // Hands the decoder the next packet of the stream, or the end.
    void feed() {
        do {
            av_packet_unref(packet.get());
            const int status = av_read_frame(input.get(), packet.get());
            if (status == AVERROR_EOF) {
                ended = true;
                decoder.send(nullptr);
                return;
            }
            check(status, name + ": cannot read");
        } while (packet->stream_index != stream->index);
        decoder.send(packet.get());
    }

    std::string name;
    InputPtr input;
    AVStream *stream;
    Decoder decoder;
    FrameToTensor to_tensor;
    FramePtr frame = new_frame();
    PacketPtr packet = new_packet();
    bool ended = false;
};

VideoReader::VideoReader(const std::string &path) : impl_(std::make_unique<Impl>(path)) {}

VideoReader::~VideoReader() = default;

std::optional<torch::Tensor> VideoReader::read() {
    while (!impl_->decoder.receive(*impl_->frame)) {
        if (impl_->ended)
            return std::nullopt;
        impl_->feed();
    }
    return impl_->to_tensor(*impl_->frame);
}

int VideoReader::width() const {
    return impl_->stream->codecpar->width;
}

int VideoReader::height() const {
    return impl_->stream->codecpar->height;
}

double VideoReader::frame_rate() const {
    const AVRational rate = av_guess_frame_rate(impl_->input.get(), impl_->stream, nullptr);
    return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
}

} // namespace deblur
