// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/format.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/sized.h"

namespace deblur {

namespace {

constexpr int kMaxSide = 16384, kMaxAspect = 4096;
constexpr long kMaxPixels = 1L << 26;

void require(bool valid, const std::string &what) {
    if (!valid)
        throw Error(DEBLUR_INVALID_ARGUMENT, what);
}

void require_range(const std::string &name, long value, long low, long high,
                   const std::string &note = "") {
    require(value >= low && value <= high, name + " is " + std::to_string(value) + ", valid are " +
                                               std::to_string(low) + " to " + std::to_string(high) +
                                               note);
}

int component_count(const deblur_format &format) {
    return format.model == DEBLUR_MODEL_GRAY ? 1 : 3;
}

bool is_float(const deblur_format &format) {
    return format.sample_type == DEBLUR_SAMPLE_FLOAT;
}

int word_size(const deblur_format &format, const deblur_component &component) {
    if (is_float(format))
        return component.depth / 8;
    return component.depth + component.shift > 8 ? 2 : 1;
}

void check_component(const deblur_format &format, const deblur_component &component,
                     const std::string &name) {
    require_range(name + ".plane", component.plane, 0, DEBLUR_MAX_PLANES - 1);
    if (is_float(format)) {
        require(component.depth == 16 || component.depth == 32,
                name + ".depth is " + std::to_string(component.depth) +
                    ", valid are 16 and 32 for floating point");
        require_range(name + ".shift", component.shift, 0, 0);
    } else {
        require_range(name + ".depth", component.depth, 8, 16);
        require_range(name + ".shift", component.shift, 0, 16 - component.depth);
    }
    const int size = word_size(format, component);
    require_range(name + ".step", component.step, size, 64);
    require_range(name + ".offset", component.offset, 0, 64);
    require(component.step % size == 0 && component.offset % size == 0,
            name + ".step and offset must be multiples of " + std::to_string(size) +
                " for words of so many bytes, not " + std::to_string(component.step) + " and " +
                std::to_string(component.offset));
}

// Whether rows of one component fit between the rows of a plane.
void check_plane(const void *data, ptrdiff_t stride, const deblur_format &format, int c,
                 const std::string &name) {
    const auto &component = format.component[c];
    const int shift = format.model == DEBLUR_MODEL_YUV && c > 0 ? format.log2_chroma_w : 0;
    const ptrdiff_t samples = (format.width + (1 << shift) - 1) >> shift;
    const ptrdiff_t size = word_size(format, component);
    const ptrdiff_t bytes = component.offset + (samples - 1) * component.step + size;
    const std::string plane = "[" + std::to_string(component.plane) + "]";
    require(data != nullptr, "deblur_frame." + name + plane + " is NULL");
    require(format.memory == DEBLUR_MEMORY_HOST || stride > 0,
            "deblur_frame." + name + "_stride" + plane + " is " + std::to_string(stride) +
                ", in CUDA memory it must be above 0");
    require(std::abs(stride) >= bytes || format.height == 1,
            "deblur_frame." + name + "_stride" + plane + " is " + std::to_string(stride) +
                ", a row needs " + std::to_string(bytes) + " bytes");
    require(reinterpret_cast<uintptr_t>(data) % size == 0 && stride % size == 0,
            "deblur_frame." + name + plane + " or its stride is not a multiple of " +
                std::to_string(size) + ", the bytes in a word");
}

} // namespace

void check_size(int width, int height, const std::string &prefix, const std::string &note) {
    require_range(prefix + "width", width, 1, kMaxSide, note);
    require_range(prefix + "height", height, 1, kMaxSide, note);
    require_range(prefix + "width x height", long{width} * height, 1, kMaxPixels, note);
    const auto [shorter, longer] = std::minmax(width, height);
    require(longer <= shorter * kMaxAspect, prefix + "width x height is " + std::to_string(width) +
                                                " x " + std::to_string(height) +
                                                ", one side may be " + std::to_string(kMaxAspect) +
                                                " times the other at most" + note);
}

deblur_format default_format() {
    deblur_format format{};
    format.struct_size = sizeof format;
    format.model = DEBLUR_MODEL_YUV;
    for (int c = 0; c < 3; ++c)
        format.component[c] = {c, 1, 0, 0, 8};
    format.log2_chroma_w = format.log2_chroma_h = 1;
    return format;
}

deblur_frame default_frame() {
    deblur_frame frame{};
    frame.struct_size = sizeof frame;
    frame.strength = 1;
    return frame;
}

deblur_format check_format(const deblur_format *given) {
    const deblur_format format = adopt(given, default_format(), "deblur_format");
    check_size(format.width, format.height);
    require_range("color model", number_of(format.model), DEBLUR_MODEL_RGB, DEBLUR_MODEL_GRAY);
    require_range("log2_chroma_w", format.log2_chroma_w, 0, 2);
    require_range("log2_chroma_h", format.log2_chroma_h, 0, 2);
    require_range("matrix", number_of(format.matrix), DEBLUR_MATRIX_UNSPECIFIED,
                  DEBLUR_MATRIX_IDENTITY);
    require_range("range", number_of(format.range), DEBLUR_RANGE_UNSPECIFIED, DEBLUR_RANGE_FULL);
    require_range("chroma location", number_of(format.chroma_location), DEBLUR_CHROMA_UNSPECIFIED,
                  DEBLUR_CHROMA_BOTTOM);
    require_range("sample type", number_of(format.sample_type), DEBLUR_SAMPLE_INTEGER,
                  DEBLUR_SAMPLE_FLOAT);
    require_range("field", number_of(format.field), DEBLUR_FIELD_NONE, DEBLUR_FIELD_BOTTOM);
    require_range("memory", number_of(format.memory), DEBLUR_MEMORY_HOST, DEBLUR_MEMORY_CUDA);
    require(format.memory == DEBLUR_MEMORY_HOST || !is_float(format),
            "floating-point samples in CUDA memory are not supported, valid there are integers");
    for (int c = 0; c < component_count(format); ++c)
        check_component(format, format.component[c], "component[" + std::to_string(c) + "]");
    return format;
}

deblur_frame check_frame(const deblur_frame *given, const deblur_format &format) {
    const deblur_frame frame = adopt(given, default_frame(), "deblur_frame");
    for (int c = 0; c < component_count(format); ++c) {
        const int plane = format.component[c].plane;
        check_plane(frame.src[plane], frame.src_stride[plane], format, c, "src");
        check_plane(frame.dst[plane], frame.dst_stride[plane], format, c, "dst");
    }
    require(frame.strength >= 0 && frame.strength <= 1,
            "strength is " + std::to_string(frame.strength) + ", valid are 0 to 1");
    return frame;
}

} // namespace deblur
