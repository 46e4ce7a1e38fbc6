// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit/picture/picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <stdexcept>

#include <c10/util/Half.h>

namespace deblur::test {

namespace {

struct Layout {
    deblur_color_model model;
    int log2_w, log2_h;
    deblur_component component[3];
    bool big_endian = false;
    deblur_sample_type sample_type = DEBLUR_SAMPLE_INTEGER;
};

const std::map<std::string, Layout> &table() {
    constexpr auto YUV = DEBLUR_MODEL_YUV;
    constexpr auto RGB = DEBLUR_MODEL_RGB;
    constexpr auto GRAY = DEBLUR_MODEL_GRAY;
    constexpr auto FLOAT = DEBLUR_SAMPLE_FLOAT;
    // Components: plane, step, offset, shift, depth.
    static const std::map<std::string, Layout> layouts{
        {"yuv420p", {YUV, 1, 1, {{0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}, {2, 1, 0, 0, 8}}}},
        {"yuv422p", {YUV, 1, 0, {{0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}, {2, 1, 0, 0, 8}}}},
        {"yuv444p", {YUV, 0, 0, {{0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}, {2, 1, 0, 0, 8}}}},
        {"yuv440p", {YUV, 0, 1, {{0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}, {2, 1, 0, 0, 8}}}},
        {"yuv411p", {YUV, 2, 0, {{0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}, {2, 1, 0, 0, 8}}}},
        {"yuv410p", {YUV, 2, 2, {{0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}, {2, 1, 0, 0, 8}}}},
        {"nv12", {YUV, 1, 1, {{0, 1, 0, 0, 8}, {1, 2, 0, 0, 8}, {1, 2, 1, 0, 8}}}},
        {"yuyv422", {YUV, 1, 0, {{0, 2, 0, 0, 8}, {0, 4, 1, 0, 8}, {0, 4, 3, 0, 8}}}},
        {"gbrp", {RGB, 0, 0, {{2, 1, 0, 0, 8}, {0, 1, 0, 0, 8}, {1, 1, 0, 0, 8}}}},
        {"rgb24", {RGB, 0, 0, {{0, 3, 0, 0, 8}, {0, 3, 1, 0, 8}, {0, 3, 2, 0, 8}}}},
        {"bgra", {RGB, 0, 0, {{0, 4, 2, 0, 8}, {0, 4, 1, 0, 8}, {0, 4, 0, 0, 8}}}},
        {"rgb48", {RGB, 0, 0, {{0, 6, 0, 0, 16}, {0, 6, 2, 0, 16}, {0, 6, 4, 0, 16}}}},
        {"rgb0", {RGB, 0, 0, {{0, 4, 0, 0, 8}, {0, 4, 1, 0, 8}, {0, 4, 2, 0, 8}}}},
        {"0bgr", {RGB, 0, 0, {{0, 4, 3, 0, 8}, {0, 4, 2, 0, 8}, {0, 4, 1, 0, 8}}}},
        {"rgba64be", {RGB, 0, 0, {{0, 8, 0, 0, 16}, {0, 8, 2, 0, 16}, {0, 8, 4, 0, 16}}, true}},
        {"gbrp14be", {RGB, 0, 0, {{2, 2, 0, 0, 14}, {0, 2, 0, 0, 14}, {1, 2, 0, 0, 14}}, true}},
        {"gbrpf32", {RGB, 0, 0, {{2, 4, 0, 0, 32}, {0, 4, 0, 0, 32}, {1, 4, 0, 0, 32}}, 0, FLOAT}},
        {"gbrpf32be",
         {RGB, 0, 0, {{2, 4, 0, 0, 32}, {0, 4, 0, 0, 32}, {1, 4, 0, 0, 32}}, 1, FLOAT}},
        {"rgbaf16", {RGB, 0, 0, {{0, 8, 0, 0, 16}, {0, 8, 2, 0, 16}, {0, 8, 4, 0, 16}}, 0, FLOAT}},
        {"rgbaf16be",
         {RGB, 0, 0, {{0, 8, 0, 0, 16}, {0, 8, 2, 0, 16}, {0, 8, 4, 0, 16}}, 1, FLOAT}},
        {"yuv420p9", {YUV, 1, 1, {{0, 2, 0, 0, 9}, {1, 2, 0, 0, 9}, {2, 2, 0, 0, 9}}}},
        {"yuv420p10", {YUV, 1, 1, {{0, 2, 0, 0, 10}, {1, 2, 0, 0, 10}, {2, 2, 0, 0, 10}}}},
        {"yuv420p10be", {YUV, 1, 1, {{0, 2, 0, 0, 10}, {1, 2, 0, 0, 10}, {2, 2, 0, 0, 10}}, true}},
        {"yuv440p12", {YUV, 0, 1, {{0, 2, 0, 0, 12}, {1, 2, 0, 0, 12}, {2, 2, 0, 0, 12}}}},
        {"yuv444p12", {YUV, 0, 0, {{0, 2, 0, 0, 12}, {1, 2, 0, 0, 12}, {2, 2, 0, 0, 12}}}},
        {"yuv422p14", {YUV, 1, 0, {{0, 2, 0, 0, 14}, {1, 2, 0, 0, 14}, {2, 2, 0, 0, 14}}}},
        {"yuv422p16", {YUV, 1, 0, {{0, 2, 0, 0, 16}, {1, 2, 0, 0, 16}, {2, 2, 0, 0, 16}}}},
        {"nv24", {YUV, 0, 0, {{0, 1, 0, 0, 8}, {1, 2, 0, 0, 8}, {1, 2, 1, 0, 8}}}},
        {"p010", {YUV, 1, 1, {{0, 2, 0, 6, 10}, {1, 4, 0, 6, 10}, {1, 4, 2, 6, 10}}}},
        {"p010be", {YUV, 1, 1, {{0, 2, 0, 6, 10}, {1, 4, 0, 6, 10}, {1, 4, 2, 6, 10}}, true}},
        {"p212", {YUV, 1, 0, {{0, 2, 0, 4, 12}, {1, 4, 0, 4, 12}, {1, 4, 2, 4, 12}}}},
        {"p416", {YUV, 0, 0, {{0, 2, 0, 0, 16}, {1, 4, 0, 0, 16}, {1, 4, 2, 0, 16}}}},
        {"gray", {GRAY, 0, 0, {{0, 1, 0, 0, 8}, {}, {}}}},
        {"gray10", {GRAY, 0, 0, {{0, 2, 0, 0, 10}, {}, {}}}},
        {"gray16be", {GRAY, 0, 0, {{0, 2, 0, 0, 16}, {}, {}}, true}},
        {"grayf32", {GRAY, 0, 0, {{0, 4, 0, 0, 32}, {}, {}}, false, FLOAT}},
    };
    return layouts;
}

int components(const deblur_format &format) {
    return format.model == DEBLUR_MODEL_GRAY ? 1 : 3;
}

int subsampled(int length, int log2) {
    return (length + (1 << log2) - 1) >> log2;
}

size_t word_size(const deblur_format &format, int component) {
    const auto &[plane, step, offset, shift, depth] = format.component[component];
    return depth + shift <= 8 ? 1 : depth + shift <= 16 ? 2 : 4;
}

} // namespace

std::vector<std::string> layouts() {
    std::vector<std::string> names;
    for (const auto &[name, layout] : table())
        names.push_back(name);
    return names;
}

deblur_format make_format(const std::string &layout, int width, int height) {
    const auto found = table().find(layout);
    if (found == table().end())
        throw std::invalid_argument("unknown layout " + layout);
    deblur_format format{};
    format.struct_size = sizeof format;
    format.width = width;
    format.height = height;
    format.model = found->second.model;
    format.log2_chroma_w = found->second.log2_w;
    format.log2_chroma_h = found->second.log2_h;
    std::copy_n(found->second.component, 3, format.component);
    format.big_endian = found->second.big_endian;
    format.sample_type = found->second.sample_type;
    return format;
}

Picture::Picture(const deblur_format &format)
    : format_(format), planes_(DEBLUR_MAX_PLANES), strides_(DEBLUR_MAX_PLANES) {
    for (int c = 0; c < components(format); ++c) {
        const auto &component = format.component[c];
        const ptrdiff_t stride = width(c) * component.step + component.step + 8;
        strides_[component.plane] = std::max(strides_[component.plane], stride / 4 * 4);
    }
    for (int c = 0; c < components(format); ++c) {
        const int plane = format.component[c].plane;
        planes_[plane].resize(strides_[plane] * height(c));
    }
}

int Picture::width(int component) const {
    const bool chroma = format_.model == DEBLUR_MODEL_YUV && component > 0;
    return chroma ? subsampled(format_.width, format_.log2_chroma_w) : format_.width;
}

int Picture::height(int component) const {
    const bool chroma = format_.model == DEBLUR_MODEL_YUV && component > 0;
    return chroma ? subsampled(format_.height, format_.log2_chroma_h) : format_.height;
}

uint8_t *Picture::word(int component, int x, int y) {
    const auto &layout = format_.component[component];
    return planes_[layout.plane].data() + y * strides_[layout.plane] + x * layout.step +
           layout.offset;
}

double Picture::get(int component, int x, int y) const {
    const uint8_t *const at = const_cast<Picture *>(this)->word(component, x, y);
    const size_t size = word_size(format_, component);
    uint32_t bits = 0;
    for (size_t i = 0; i < size; ++i) // most significant byte first
        bits = bits << 8 | at[format_.big_endian ? i : size - 1 - i];
    if (format_.sample_type == DEBLUR_SAMPLE_INTEGER)
        return bits >> format_.component[component].shift;
    if (size == 2)
        return c10::Half(static_cast<uint16_t>(bits), c10::Half::from_bits());
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

void Picture::set(int component, int x, int y, double code) {
    uint8_t *const at = word(component, x, y);
    const size_t size = word_size(format_, component);
    uint32_t bits = 0;
    if (format_.sample_type == DEBLUR_SAMPLE_INTEGER) {
        bits = static_cast<uint32_t>(code) << format_.component[component].shift;
    } else if (size == 2) {
        bits = c10::Half(static_cast<float>(code)).x;
    } else {
        const auto value = static_cast<float>(code);
        std::memcpy(&bits, &value, sizeof bits);
    }
    for (size_t i = 0; i < size; ++i, bits >>= 8) // least significant byte first
        at[format_.big_endian ? size - 1 - i : i] = static_cast<uint8_t>(bits);
}

void Picture::fill(unsigned seed, double low, double high) {
    std::mt19937 generator(seed);
    for (auto &plane : planes_) // what is no sample must stay as it is
        for (auto &byte : plane)
            byte = static_cast<uint8_t>(generator());
    for (int c = 0; c < components(format_); ++c) {
        const bool is_float = format_.sample_type == DEBLUR_SAMPLE_FLOAT;
        const int levels = is_float ? 1 : 1 << format_.component[c].depth;
        for (int y = 0; y < height(c); ++y)
            for (int x = 0; x < width(c); ++x) {
                const double unit = low + (high - low) * (generator() * 0x1p-32);
                set(c, x, y, is_float ? unit : std::min(std::floor(unit * levels), levels - 1.0));
            }
    }
}

void Picture::fill_random(unsigned seed) {
    fill(seed, 0, 1);
}
void Picture::fill_random_inner(unsigned seed) {
    fill(seed, 0.25, 0.75);
}

deblur_frame Picture::frame_into(Picture &destination) {
    deblur_frame frame{};
    frame.struct_size = sizeof frame;
    for (int plane = 0; plane < DEBLUR_MAX_PLANES; ++plane) {
        frame.src[plane] = planes_[plane].data();
        frame.src_stride[plane] = strides_[plane];
        frame.dst[plane] = destination.planes_[plane].data();
        frame.dst_stride[plane] = destination.strides_[plane];
    }
    frame.strength = 1;
    return frame;
}

} // namespace deblur::test
