// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit/picture/reference.h"

#include <algorithm>
#include <cmath>

namespace deblur::test {

namespace {

struct Luma {
    double red, blue;
};

Luma luma_coefficients(const deblur_format &format) {
    switch (format.matrix) {
    case DEBLUR_MATRIX_BT601:
        return {0.299, 0.114};
    case DEBLUR_MATRIX_BT709:
        return {0.2126, 0.0722};
    case DEBLUR_MATRIX_BT2020_NCL:
        return {0.2627, 0.0593};
    case DEBLUR_MATRIX_FCC:
        return {0.30, 0.11};
    case DEBLUR_MATRIX_SMPTE240M:
        return {0.212, 0.087};
    default:
        return format.height >= 720 ? Luma{0.2126, 0.0722} : Luma{0.299, 0.114};
    }
}

bool is_chroma(const deblur_format &format, int component) {
    return format.model == DEBLUR_MODEL_YUV && component > 0;
}

bool is_difference(const deblur_format &format, int component) {
    return is_chroma(format, component) && format.matrix != DEBLUR_MATRIX_IDENTITY;
}

// Codes per unit of the component's value.
double scale(const deblur_format &format, int component) {
    if (format.sample_type == DEBLUR_SAMPLE_FLOAT)
        return 1;
    const int depth = format.component[component].depth;
    const bool full =
        format.range == DEBLUR_RANGE_FULL ||
        (format.range == DEBLUR_RANGE_UNSPECIFIED && format.model == DEBLUR_MODEL_RGB);
    if (full)
        return std::pow(2.0, depth) - 1;
    return (is_difference(format, component) ? 224 : 219) * std::pow(2.0, depth - 8);
}

double zero(const deblur_format &format, int component) {
    if (format.sample_type == DEBLUR_SAMPLE_FLOAT)
        return 0;
    const int depth = format.component[component].depth;
    if (is_difference(format, component))
        return std::pow(2.0, depth - 1);
    const bool full = scale(format, component) == std::pow(2.0, depth) - 1;
    return full ? 0 : 16 * std::pow(2.0, depth - 8);
}

// Luma position of the first sample of a component.
double first_x(const deblur_format &format, int component) {
    const int factor = is_chroma(format, component) ? 1 << format.log2_chroma_w : 1;
    const auto location = format.chroma_location;
    const bool centred = location == DEBLUR_CHROMA_CENTER || location == DEBLUR_CHROMA_TOP ||
                         location == DEBLUR_CHROMA_BOTTOM;
    return centred ? (factor - 1) / 2.0 : 0;
}

double first_y_in_frame(const deblur_format &format, int factor) {
    const auto location = format.chroma_location;
    if (location == DEBLUR_CHROMA_TOPLEFT || location == DEBLUR_CHROMA_TOP)
        return 0;
    if (location == DEBLUR_CHROMA_BOTTOMLEFT || location == DEBLUR_CHROMA_BOTTOM)
        return factor - 1;
    return (factor - 1) / 2.0;
}

double first_y(const deblur_format &format, int component) {
    const int factor = is_chroma(format, component) ? 1 << format.log2_chroma_h : 1;
    const double in_frame = first_y_in_frame(format, factor);
    // The frame's line y is line (y - parity) / 2 of a field; the field's first sample is number
    // parity of the frame.
    const int parity = format.field == DEBLUR_FIELD_BOTTOM;
    return format.field == DEBLUR_FIELD_NONE ? in_frame : (parity * factor + in_frame - parity) / 2;
}

// A component's value at a luma position: bilinear between its samples.
double value_at(const deblur_format &format, const Picture &picture, int component, int x, int y) {
    const bool chroma = is_chroma(format, component);
    const double u = (x - first_x(format, component)) / (chroma ? 1 << format.log2_chroma_w : 1);
    const double v = (y - first_y(format, component)) / (chroma ? 1 << format.log2_chroma_h : 1);
    const auto sample = [&](double column, double row) {
        const int i = std::clamp(static_cast<int>(column), 0, picture.width(component) - 1);
        const int j = std::clamp(static_cast<int>(row), 0, picture.height(component) - 1);
        return static_cast<double>(picture.get(component, i, j));
    };
    const double left = std::floor(u), top = std::floor(v), a = u - left, b = v - top;
    const double code = (1 - b) * ((1 - a) * sample(left, top) + a * sample(left + 1, top)) +
                        b * ((1 - a) * sample(left, top + 1) + a * sample(left + 1, top + 1));
    return (code - zero(format, component)) / scale(format, component);
}

Rgb to_rgb(const deblur_format &format, double y, double cb, double cr) {
    if (format.matrix == DEBLUR_MATRIX_IDENTITY)
        return {cr, y, cb};
    if (format.matrix == DEBLUR_MATRIX_YCGCO)
        return {y - cb + cr, y + cb, y - cb - cr};
    const auto [kr, kb] = luma_coefficients(format);
    const double red = y + 2 * (1 - kr) * cr, blue = y + 2 * (1 - kb) * cb;
    return {red, (y - kr * red - kb * blue) / (1 - kr - kb), blue};
}

double from_rgb(const deblur_format &format, const Rgb &rgb, int component) {
    if (format.model == DEBLUR_MODEL_RGB)
        return rgb[component];
    const auto [r, g, b] = rgb;
    if (format.model == DEBLUR_MODEL_YUV && format.matrix == DEBLUR_MATRIX_IDENTITY)
        return component == 0 ? g : component == 1 ? b : r;
    if (format.matrix == DEBLUR_MATRIX_YCGCO)
        return component == 0   ? r / 4 + g / 2 + b / 4
               : component == 1 ? -r / 4 + g / 2 - b / 4
                                : r / 2 - b / 2;
    const auto [kr, kb] = luma_coefficients(format);
    const double y = kr * r + (1 - kr - kb) * g + kb * b;
    return component == 0 ? y : component == 1 ? (b - y) / (1 - kb) / 2 : (r - y) / (1 - kr) / 2;
}

} // namespace

std::vector<Rgb> reference_read(const deblur_format &format, const Picture &picture) {
    std::vector<Rgb> result;
    for (int y = 0; y < format.height; ++y)
        for (int x = 0; x < format.width; ++x) {
            const double first = value_at(format, picture, 0, x, y);
            if (format.model == DEBLUR_MODEL_GRAY) {
                result.push_back({first, first, first});
                continue;
            }
            const double second = value_at(format, picture, 1, x, y);
            const double third = value_at(format, picture, 2, x, y);
            result.push_back(format.model == DEBLUR_MODEL_RGB
                                 ? Rgb{first, second, third}
                                 : to_rgb(format, first, second, third));
        }
    return result;
}

double reference_change(const deblur_format &format, const std::vector<Rgb> &correction,
                        int component, int x, int y) {
    const bool chroma = is_chroma(format, component);
    const int factor_w = chroma ? 1 << format.log2_chroma_w : 1;
    const int factor_h = chroma ? 1 << format.log2_chroma_h : 1;
    const double centre_x = x * factor_w + first_x(format, component);
    const double centre_y = y * factor_h + first_y(format, component);

    // The mean over the area of one sample, on a grid so fine that no cell straddles two pixels.
    double sum = 0;
    int cells = 0;
    for (double v = -factor_h / 2.0 + 0.125; v < factor_h / 2.0; v += 0.25)
        for (double u = -factor_w / 2.0 + 0.125; u < factor_w / 2.0; u += 0.25) {
            const int column =
                std::clamp(static_cast<int>(std::lround(centre_x + u)), 0, format.width - 1);
            const int row =
                std::clamp(static_cast<int>(std::lround(centre_y + v)), 0, format.height - 1);
            sum += from_rgb(format, correction[size_t(row) * format.width + column], component);
            ++cells;
        }
    return sum / cells * scale(format, component);
}

void for_each_sample(const deblur_format &format, const Picture &picture,
                     const std::function<void(int, int, int)> &check) {
    const int components = format.model == DEBLUR_MODEL_GRAY ? 1 : 3;
    for (int c = 0; c < components; ++c)
        for (int y = 0; y < picture.height(c); ++y)
            for (int x = 0; x < picture.width(c); ++x)
                check(c, x, y);
}

} // namespace deblur::test
