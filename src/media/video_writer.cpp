// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/video_writer.h"

#include "media/codec.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace deblur {

namespace {

struct OutputDeleter {
    void operator()(AVFormatContext *output) const {
        avio_closep(&output->pb);
        avformat_free_context(output);
    }
};
using OutputPtr = std::unique_ptr<AVFormatContext, OutputDeleter>;

OutputPtr new_output(const std::string &path, const std::string &name) {
    quiet_libav();
    AVFormatContext *output = nullptr;
    check(avformat_alloc_output_context2(&output, nullptr, nullptr, path.c_str()), name);
    return OutputPtr(output);
}

EncoderOptions encoder_options(const VideoWriterOptions &options, int width, int height,
                               const AVFormatContext &output) {
    EncoderOptions result;
    result.codec = options.codec;
    result.pixel_format = options.pixel_format;
    result.width = width;
    result.height = height;
    result.frame_rate = options.frame_rate;
    result.global_header = output.oformat->flags & AVFMT_GLOBALHEADER;
    result.codec_options = options.codec_options;
    return result;
}

} // namespace

VideoWriterOptions h264_options(int crf, double frame_rate) {
    // libx264 prints its statistics by itself unless told not to.
    return {
        "libx264", "yuv420p", frame_rate, {{"crf", std::to_string(crf)}, {"x264-params", "log=0"}}};
}

struct VideoWriter::Impl {
    Impl(const std::string &path, int width, int height, const VideoWriterOptions &options)
        : name("'" + path + "'"), output(new_output(path, name)),
          encoder(encoder_options(options, width, height, *output), name) {
        AVStream *stream = avformat_new_stream(output.get(), nullptr);
        if (!stream)
            throw MediaError(name + ": no stream");
        check(avcodec_parameters_from_context(stream->codecpar, &encoder.context()), name);
        stream->time_base = encoder.context().time_base;
        stream->avg_frame_rate = encoder.context().framerate;
        check(avio_open(&output->pb, ("file:" + path).c_str(), AVIO_FLAG_WRITE), name);
        check(avformat_write_header(output.get(), nullptr), name);
    }

    void write(AVPacket &packet) {
        packet.duration = 1;
        av_packet_rescale_ts(&packet, encoder.context().time_base, output->streams[0]->time_base);
        check(av_interleaved_write_frame(output.get(), &packet), name + ": cannot write");
    }

    std::string name;
    OutputPtr output;
    Encoder encoder;
    bool finished = false;
};

VideoWriter::VideoWriter(const std::string &path, int width, int height,
                         const VideoWriterOptions &options)
    : impl_(std::make_unique<Impl>(path, width, height, options)) {}

VideoWriter::~VideoWriter() {
    try {
        finish();
    } catch (const std::exception &) { // a destructor cannot tell; finish() does
    }
}

void VideoWriter::write(const torch::Tensor &frame) {
    impl_->encoder.encode(frame, [this](AVPacket &packet) { impl_->write(packet); });
}

void VideoWriter::finish() {
    if (impl_->finished)
        return;
    impl_->finished = true;
    impl_->encoder.finish([this](AVPacket &packet) { impl_->write(packet); });
    check(av_write_trailer(impl_->output.get()), impl_->name + ": cannot finish");
}

} // namespace deblur
