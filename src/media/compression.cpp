// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/compression.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "media/codec.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace deblur {

namespace {

EncoderOptions encoder_options(int width, int height, int crf) {
    EncoderOptions options;
    options.width = width;
    options.height = height;
    options.pixel_format = "yuv420p";
    if (Encoder::exists("libx264")) {
        options.codec = "libx264";
        options.codec_options = {
            {"crf", std::to_string(crf)}, {"preset", "veryfast"}, {"x264-params", "log=0"}};
    } else {
        options.codec = "mpeg4";
        options.quantiser = std::clamp((crf - 12) / 2.0, 1.0, 31.0); // H.264's step doubles every 6
    }
    return options;
}

// 4:2:0 wants even sides.
torch::Tensor repeat_to_even(const torch::Tensor &clip) {
    const int64_t rows = clip.size(1) % 2, columns = clip.size(2) % 2;
    const auto taller = rows ? at::cat({clip, clip.slice(1, -1)}, 1) : clip;
    return columns ? at::cat({taller, taller.slice(2, -1)}, 2) : taller;
}

} // namespace

torch::Tensor compress_h264(const torch::Tensor &clip, int crf) {
    const auto even = repeat_to_even(clip);
    Encoder encoder(
        encoder_options(static_cast<int>(even.size(2)), static_cast<int>(even.size(1)), crf),
        "compression");
    Decoder decoder(encoder.context().codec_id, nullptr, "compression");
    FrameToTensor to_tensor;
    const auto frame = new_frame();
    std::vector<torch::Tensor> decoded;

    const auto decode = [&](const AVPacket *packet) {
        decoder.send(packet);
        while (decoder.receive(*frame))
            decoded.push_back(to_tensor(*frame));
    };
    for (const auto &picture : even.unbind(0))
        encoder.encode(picture, [&](AVPacket &packet) { decode(&packet); });
    encoder.finish([&](AVPacket &packet) { decode(&packet); });
    decode(nullptr);

    if (static_cast<int64_t>(decoded.size()) != clip.size(0))
        throw MediaError("compression: " + std::to_string(clip.size(0)) + " frames in, " +
                         std::to_string(decoded.size()) + " out");
    return at::stack(decoded).slice(1, 0, clip.size(1)).slice(2, 0, clip.size(2)).contiguous();
}

} // namespace deblur
