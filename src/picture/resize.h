// Between the size of the pictures and the size at which the network works.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/image.h"

namespace deblur {

/// The picture at another size: bicubic (a = -0.5), antialiased where it shrinks, edges cut off. The same image if the
/// size is the same.
Image resize(const Image &image, int height, int width);

/// The picture at another size: bilinear, not antialiased, pixels as squares (align_corners=False).
Image resize_bilinear(const Image &image, int height, int width);

} // namespace deblur
