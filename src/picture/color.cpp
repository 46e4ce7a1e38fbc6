// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/color.h"

#include <array>

namespace deblur {

namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

// RGB to Y in [0,1], Cb and Cr in [-1/2,1/2], for the luma coefficients of red and blue.
Matrix luma_chroma(double red, double blue) {
    const double green = 1 - red - blue;
    Matrix m{{{red, green, blue}, {-red, -green, 1 - blue}, {1 - red, -green, -blue}}};
    for (int k = 0; k < 3; ++k) {
        m[1][k] /= 2 * (1 - blue);
        m[2][k] /= 2 * (1 - red);
    }
    return m;
}

Matrix rgb_to_components(const deblur_format &format) {
    if (format.model == DEBLUR_MODEL_RGB)
        return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    switch (format.matrix) {
    case DEBLUR_MATRIX_BT601:
        return luma_chroma(0.299, 0.114);
    case DEBLUR_MATRIX_BT709:
        return luma_chroma(0.2126, 0.0722);
    case DEBLUR_MATRIX_BT2020_NCL:
        return luma_chroma(0.2627, 0.0593);
    case DEBLUR_MATRIX_FCC:
        return luma_chroma(0.30, 0.11);
    case DEBLUR_MATRIX_SMPTE240M:
        return luma_chroma(0.212, 0.087);
    case DEBLUR_MATRIX_YCGCO: // Cg travels as Cb, Co as Cr
        return {{{0.25, 0.5, 0.25}, {-0.25, 0.5, -0.25}, {0.5, 0, -0.5}}};
    case DEBLUR_MATRIX_IDENTITY: // G, B, R
        if (format.model == DEBLUR_MODEL_YUV)
            return {{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}};
        break;
    case DEBLUR_MATRIX_UNSPECIFIED:
        break;
    }
    return format.height >= 720 ? luma_chroma(0.2126, 0.0722) : luma_chroma(0.299, 0.114);
}

Matrix inverse(const Matrix &m) {
    Matrix adjugate;
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column) {
            const int r1 = (column + 1) % 3, r2 = (column + 2) % 3;
            const int c1 = (row + 1) % 3, c2 = (row + 2) % 3;
            adjugate[row][column] = m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
        }
    const double determinant =
        m[0][0] * adjugate[0][0] + m[0][1] * adjugate[1][0] + m[0][2] * adjugate[2][0];
    for (auto &row : adjugate)
        for (double &value : row)
            value /= determinant;
    return adjugate;
}

// Cb or Cr, with values on both sides of zero.
bool is_difference(const deblur_format &format, int component) {
    return format.model == DEBLUR_MODEL_YUV && component > 0 &&
           format.matrix != DEBLUR_MATRIX_IDENTITY;
}

// code = offset + scale * component
struct Quantisation {
    double scale, offset;
};

Quantisation quantisation(const deblur_format &format, int component) {
    if (format.sample_type == DEBLUR_SAMPLE_FLOAT)
        return {1, 0};
    const int depth = format.component[component].depth;
    const bool chroma = is_difference(format, component);
    const bool full = format.range == DEBLUR_RANGE_UNSPECIFIED ? format.model == DEBLUR_MODEL_RGB
                                                               : format.range == DEBLUR_RANGE_FULL;
    const double unit = 1 << (depth - 8);
    const double middle = 1 << (depth - 1);
    if (full)
        return {(1 << depth) - 1.0, chroma ? middle : 0};
    return {(chroma ? 224 : 219) * unit, chroma ? middle : 16 * unit};
}

} // namespace

ColorTransform make_color_transform(const deblur_format &format) {
    const int components = component_count(format);
    const Matrix forward = rgb_to_components(format);
    const Matrix backward =
        components == 1 ? Matrix{{{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}} : inverse(forward);

    ColorTransform transform{};
    double bias[3] = {0, 0, 0};
    for (int c = 0; c < components; ++c) {
        const auto [scale, offset] = quantisation(format, c);
        for (int k = 0; k < 3; ++k) {
            transform.to_rgb[k][c] = static_cast<float>(backward[k][c] / scale);
            transform.from_rgb[c][k] = static_cast<float>(forward[c][k] * scale);
            bias[k] -= backward[k][c] / scale * offset;
        }
    }
    for (int k = 0; k < 3; ++k)
        transform.bias[k] = static_cast<float>(bias[k]);
    return transform;
}

} // namespace deblur
