// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/codec.h"

#include <cmath>
#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/rational.h>
}

namespace deblur {

namespace {

constexpr int kLargestDenominator = 100100; // holds 30000/1001 and its relatives exactly

CodecContextPtr new_context(const AVCodec *codec) {
    CodecContextPtr context(avcodec_alloc_context3(codec));
    if (!context)
        throw std::bad_alloc();
    return context;
}

void open_encoder(AVCodecContext &context, const AVCodec *codec,
                  const std::map<std::string, std::string> &options, const std::string &name) {
    AVDictionary *dictionary = nullptr;
    for (const auto &[key, value] : options)
        av_dict_set(&dictionary, key.c_str(), value.c_str(), 0);
    const int status = avcodec_open2(&context, codec, &dictionary);
    const AVDictionaryEntry *left = av_dict_get(dictionary, "", nullptr, AV_DICT_IGNORE_SUFFIX);
    const std::string unknown = left ? left->key : "";
    av_dict_free(&dictionary);
    check(status, name + ": cannot open encoder " + codec->name);
    if (!unknown.empty())
        throw MediaError(name + ": encoder " + codec->name + " has no option '" + unknown + "'");
}

} // namespace

Decoder::Decoder(int codec_id, const AVCodecParameters *parameters, const std::string &name)
    : name_(name) {
    quiet_libav();
    const auto id = static_cast<AVCodecID>(codec_id);
    const AVCodec *codec = avcodec_find_decoder(id);
    if (!codec)
        throw MediaError(name + ": FFmpeg has no decoder for " + avcodec_get_name(id));
    context_ = new_context(codec);
    if (parameters)
        check(avcodec_parameters_to_context(context_.get(), parameters), name);
    check(avcodec_open2(context_.get(), codec, nullptr),
          name + ": cannot open decoder " + codec->name);
}

void Decoder::send(const AVPacket *packet) {
    check(avcodec_send_packet(context_.get(), packet), name_ + ": cannot decode");
}

bool Decoder::receive(AVFrame &frame) {
    const int status = avcodec_receive_frame(context_.get(), &frame);
    if (status == AVERROR(EAGAIN) || status == AVERROR_EOF)
        return false;
    check(status, name_ + ": cannot decode");
    return true;
}

Encoder::Encoder(const EncoderOptions &options, const std::string &name)
    : name_(name), to_frame_(options.pixel_format, options.width, options.height) {
    quiet_libav();
    const AVCodec *codec = avcodec_find_encoder_by_name(options.codec.c_str());
    if (!codec)
        throw MediaError(name + ": FFmpeg has no encoder '" + options.codec + "'");
    context_ = new_context(codec);
    context_->width = options.width;
    context_->height = options.height;
    context_->pix_fmt = static_cast<AVPixelFormat>(to_frame_.format());
    context_->colorspace = static_cast<AVColorSpace>(to_frame_.matrix());
    context_->color_range = static_cast<AVColorRange>(to_frame_.color_range());
    context_->framerate = av_d2q(options.frame_rate, kLargestDenominator);
    context_->time_base = av_inv_q(context_->framerate);
    context_->thread_count = 1;
    if (options.global_header)
        context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (options.quantiser > 0) {
        context_->flags |= AV_CODEC_FLAG_QSCALE;
        context_->global_quality = static_cast<int>(std::lround(FF_QP2LAMBDA * options.quantiser));
    }
    open_encoder(*context_, codec, options.codec_options, name);
}

void Encoder::encode(const torch::Tensor &picture, const Sink &sink) {
    const FramePtr frame = to_frame_(picture);
    frame->pts = next_pts_++;
    frame->quality = context_->global_quality;
    submit(frame.get(), sink);
}

void Encoder::finish(const Sink &sink) {
    submit(nullptr, sink);
}

void Encoder::submit(const AVFrame *frame, const Sink &sink) {
    check(avcodec_send_frame(context_.get(), frame), name_ + ": cannot encode");
    const PacketPtr packet = new_packet();
    for (;;) {
        const int status = avcodec_receive_packet(context_.get(), packet.get());
        if (status == AVERROR(EAGAIN) || status == AVERROR_EOF)
            return;
        check(status, name_ + ": cannot encode");
        sink(*packet);
        av_packet_unref(packet.get());
    }
}

bool Encoder::exists(const std::string &codec) {
    return avcodec_find_encoder_by_name(codec.c_str()) != nullptr;
}

} // namespace deblur
