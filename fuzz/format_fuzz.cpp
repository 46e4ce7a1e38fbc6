// Any bytes as a format and a frame: refused, or read and corrected within buffers of exactly the
// size that the library's checks demand.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "library/format.h"
#include "picture/converter.h"

namespace {

constexpr int kMaxSide = 48; // of pictures that are converted, to be quick

// Bytes that the components of a plane need: rows that end with their last sample.
std::vector<std::vector<uint8_t>> make_planes(const deblur_format &format,
                                              std::vector<ptrdiff_t> &strides) {
    const int components = format.model == DEBLUR_MODEL_GRAY ? 1 : 3;
    std::vector<ptrdiff_t> rows(DEBLUR_MAX_PLANES), row_bytes(DEBLUR_MAX_PLANES);
    for (int c = 0; c < components; ++c) {
        const auto &[plane, step, offset, shift, depth] = format.component[c];
        const bool chroma = format.model == DEBLUR_MODEL_YUV && c > 0;
        const int w = chroma ? format.log2_chroma_w : 0, h = chroma ? format.log2_chroma_h : 0;
        const ptrdiff_t width = (format.width + (1 << w) - 1) >> w;
        const ptrdiff_t height = (format.height + (1 << h) - 1) >> h;
        const int size = depth + shift <= 8 ? 1 : depth + shift <= 16 ? 2 : 4;
        row_bytes[plane] = std::max(row_bytes[plane], offset + (width - 1) * step + size);
        rows[plane] = std::max(rows[plane], height);
    }
    std::vector<std::vector<uint8_t>> planes(DEBLUR_MAX_PLANES);
    strides.resize(DEBLUR_MAX_PLANES);
    for (int p = 0; p < DEBLUR_MAX_PLANES; ++p) {
        strides[p] = (row_bytes[p] + 3) / 4 * 4;
        planes[p].resize(rows[p] > 0 ? (rows[p] - 1) * strides[p] + row_bytes[p] : 0, 0x5a);
    }
    return planes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    deblur_format format{};
    std::memcpy(static_cast<void *>(&format), data, std::min(size, sizeof format));
    try {
        format = deblur::check_format(&format);
        if (format.width > kMaxSide || format.height > kMaxSide)
            return 0;
        std::vector<ptrdiff_t> strides;
        auto planes = make_planes(format, strides);
        deblur_frame frame{};
        frame.struct_size = sizeof frame;
        frame.strength = 1;
        for (int p = 0; p < DEBLUR_MAX_PLANES; ++p) {
            frame.src[p] = frame.dst[p] = planes[p].empty() ? nullptr : planes[p].data();
            frame.src_stride[p] = frame.dst_stride[p] = strides[p];
        }
        frame = deblur::check_frame(&frame, format);
        const deblur::Converter converter(format);
        const deblur::Image image = converter.read(frame);
        for (size_t i = 0; i < image.size(); ++i)
            image.data()[i] = 0.5f - image.data()[i];
        converter.correct(frame, image);
    } catch (const deblur::Error &) {
    }
    return 0;
}
