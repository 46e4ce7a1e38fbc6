// Small operations on pictures as a whole.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/image.h"

namespace deblur {

Image copy_of(const Image &image);

/// Extended on the right and below to multiples of multiple, by reflection; the same image if it is one.
Image extended(const Image &image, int multiple);

/// The upper left height x width; the same image if it has that size.
Image cropped(const Image &image, int height, int width);

/// Means over factor x factor pixels, which divide the image's sides.
Image shrunk(const Image &image, int factor);

/// image *= by, whose one channel counts for each of image's.
void multiply(const Image &image, const Image &by);

} // namespace deblur
