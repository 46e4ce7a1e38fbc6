// Colour as linear algebra: from code values to RGB, and from a change of RGB to a change of codes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libdeblur/deblur.h>

namespace deblur {

/// 1 for gray, else 3.
inline int component_count(const deblur_format &format) {
    return format.model == DEBLUR_MODEL_GRAY ? 1 : 3;
}

/// The affine map of a format between the code values of its components and RGB in [0,1], after
/// ITU-T H.273 sections 8.2 and 8.3 (nonlinear R'G'B' throughout).
struct ColorTransform {
    float to_rgb[3][3];   ///< rgb[k] = bias[k] + sum over c of to_rgb[k][c] * code[c]
    float bias[3];        ///<
    float from_rgb[3][3]; ///< change of code[c] = sum over k of from_rgb[c][k] * change of rgb[k]
};

/// Resolves unspecified matrix and range by the rules of deblur.h.
ColorTransform make_color_transform(const deblur_format &format);

} // namespace deblur
