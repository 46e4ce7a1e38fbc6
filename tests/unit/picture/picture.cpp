// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit/picture/picture.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <stdexcept>

namespace deblur::test {

namespace {

struct Layout {
    deblur_color_model model;
    int log2_w, log2_h;
    deblur_component component[3];
};

const std::map<std::string, Layout> &table() {
    constexpr auto YUV = DEBLUR_MODEL_YUV;
    constexpr auto RGB = DEBLUR_MODEL_RGB;
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
        {"yuv420p10", {YUV, 1, 1, {{0, 2, 0, 0, 10}, {1, 2, 0, 0, 10}, {2, 2, 0, 0, 10}}}},
        {"yuv444p12", {YUV, 0, 0, {{0, 2, 0, 0, 12}, {1, 2, 0, 0, 12}, {2, 2, 0, 0, 12}}}},
        {"yuv422p16", {YUV, 1, 0, {{0, 2, 0, 0, 16}, {1, 2, 0, 0, 16}, {2, 2, 0, 0, 16}}}},
        {"p010", {YUV, 1, 1, {{0, 2, 0, 6, 10}, {1, 4, 0, 6, 10}, {1, 4, 2, 6, 10}}}},
        {"gray", {DEBLUR_MODEL_GRAY, 0, 0, {{0, 1, 0, 0, 8}, {}, {}}}},
        {"gray10", {DEBLUR_MODEL_GRAY, 0, 0, {{0, 2, 0, 0, 10}, {}, {}}}},
    };
    return layouts;
}

int components(const deblur_format &format) {
    return format.model == DEBLUR_MODEL_GRAY ? 1 : 3;
}

int subsampled(int length, int log2) {
    return (length + (1 << log2) - 1) >> log2;
}

bool is_wide(const deblur_component &component) {
    return component.depth + component.shift > 8;
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
    return format;
}

Picture::Picture(const deblur_format &format)
    : format_(format), planes_(DEBLUR_MAX_PLANES), strides_(DEBLUR_MAX_PLANES) {
    for (int c = 0; c < components(format); ++c) {
        const auto &component = format.component[c];
        const ptrdiff_t stride = width(c) * component.step + component.step + 6;
        strides_[component.plane] = std::max(strides_[component.plane], stride / 2 * 2);
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

int Picture::get(int component, int x, int y) const {
    const auto &layout = format_.component[component];
    const uint8_t *const at = const_cast<Picture *>(this)->word(component, x, y);
    uint16_t value = *at;
    if (is_wide(layout))
        std::memcpy(&value, at, sizeof value);
    return value >> layout.shift;
}

void Picture::set(int component, int x, int y, int code) {
    const auto &layout = format_.component[component];
    const auto value = static_cast<uint16_t>(code << layout.shift);
    std::memcpy(word(component, x, y), &value, is_wide(layout) ? 2 : 1); // little-endian
}

void Picture::fill(unsigned seed, double low, double high) {
    std::mt19937 generator(seed);
    for (auto &plane : planes_) // what is no sample must stay as it is
        for (auto &byte : plane)
            byte = static_cast<uint8_t>(generator());
    for (int c = 0; c < components(format_); ++c) {
        const int levels = 1 << format_.component[c].depth;
        for (int y = 0; y < height(c); ++y)
            for (int x = 0; x < width(c); ++x) {
                const double unit = low + (high - low) * (generator() * 0x1p-32);
                set(c, x, y, std::min(static_cast<int>(unit * levels), levels - 1));
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
