// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/picture_file.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include <ATen/ATen.h>

#include "media/codec.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>
}

namespace deblur {

namespace {

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file || bytes.empty())
        throw MediaError("'" + path + "': cannot be read");
    return bytes;
}

AVCodecID codec_of(const std::string &bytes, const std::string &path) {
    const auto begins = [&](const char *magic) {
        return bytes.compare(0, std::strlen(magic), magic) == 0;
    };
    if (begins("\x89PNG"))
        return AV_CODEC_ID_PNG;
    if (begins("\xff\xd8"))
        return AV_CODEC_ID_MJPEG;
    if (begins("RIFF") && bytes.compare(8, 4, "WEBP") == 0)
        return AV_CODEC_ID_WEBP;
    if (begins("BM"))
        return AV_CODEC_ID_BMP;
    if (begins("II*") || begins("MM"))
        return AV_CODEC_ID_TIFF;
    throw MediaError("'" + path + "': not a PNG, JPEG, WebP, BMP or TIFF picture");
}

FramePtr decode_picture(const std::string &path) {
    const std::string bytes = read_file(path);
    Decoder decoder(codec_of(bytes, path), nullptr, "'" + path + "'");
    const auto packet = new_packet();
    check(av_new_packet(packet.get(), static_cast<int>(bytes.size())), "'" + path + "'");
    std::memcpy(packet->data, bytes.data(), bytes.size());
    auto frame = new_frame();
    decoder.send(packet.get());
    decoder.send(nullptr);
    if (!decoder.receive(*frame))
        throw MediaError("'" + path + "': holds no picture");
    return frame;
}

bool has_alpha(const AVFrame &frame) {
    return frame.format == AV_PIX_FMT_PAL8 ||
           av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format))->flags &
               AV_PIX_FMT_FLAG_ALPHA;
}

} // namespace

torch::Tensor read_picture(const std::string &path) {
    return FrameToTensor(3)(*decode_picture(path));
}

torch::Tensor read_gray(const std::string &path) {
    const auto frame = decode_picture(path);
    if (frame->format == AV_PIX_FMT_GRAY8 || frame->format == AV_PIX_FMT_PAL8)
        return first_plane(*frame);
    const auto rgb = FrameToTensor(3)(*frame);
    const auto red = rgb.select(2, 0);
    if (!red.equal(rgb.select(2, 1)) || !red.equal(rgb.select(2, 2)))
        throw MediaError("'" + path + "': a mask was expected, this picture has colours");
    return red.contiguous();
}

torch::Tensor read_alpha(const std::string &path) {
    const auto frame = decode_picture(path);
    if (!has_alpha(*frame))
        throw MediaError("'" + path + "': has no alpha channel");
    return FrameToTensor(4)(*frame).select(2, 3).contiguous();
}

std::vector<uint8_t> encode_png(const torch::Tensor &pixels) {
    EncoderOptions options;
    options.codec = "png";
    options.pixel_format = pixels.dim() == 2 ? "gray" : "rgb24";
    options.height = static_cast<int>(pixels.size(0));
    options.width = static_cast<int>(pixels.size(1));
    options.codec_options = {{"pred", "mixed"}};
    Encoder encoder(options, "PNG");
    std::vector<uint8_t> bytes;
    const auto append = [&](AVPacket &packet) {
        bytes.insert(bytes.end(), packet.data, packet.data + packet.size);
    };
    encoder.encode(pixels, append);
    encoder.finish(append);
    return bytes;
}

void write_picture(const std::string &path, const torch::Tensor &pixels) {
    const auto bytes = encode_png(pixels);
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    if (!file.flush())
        throw MediaError("'" + path + "': cannot be written");
}

} // namespace deblur
