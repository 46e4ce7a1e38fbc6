// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/planes.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/reflection.h"

namespace deblur {

namespace {

// Calls body(channel, y) for each row of an image.
template <class Body> void for_rows(const Image &image, const Body &body) {
    for_parts(image.channels() * image.height(), row_grain(image.width()), [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            body(i / image.height(), i % image.height());
    });
}

} // namespace

Image copy_of(const Image &image) {
    const Image result(image.channels(), image.height(), image.width());
    std::copy_n(image.data(), image.size(), result.data());
    return result;
}

Image extended(const Image &image, int multiple) {
    const int height = round_up(image.height(), multiple), width = round_up(image.width(), multiple);
    if (image.has_size(height, width))
        return image;
    const Image result(image.channels(), height, width);
    for_rows(result, [&](int channel, int y) {
        const float *const from = image.row(channel, reflect(y, image.height()));
        float *const to = result.row(channel, y);
        std::copy_n(from, image.width(), to);
        for (int x = image.width(); x < width; ++x)
            to[x] = from[reflect(x, image.width())];
    });
    return result;
}

Image cropped(const Image &image, int height, int width) {
    if (image.has_size(height, width))
        return image;
    const Image result(image.channels(), height, width);
    for_rows(result, [&](int channel, int y) { std::copy_n(image.row(channel, y), width, result.row(channel, y)); });
    return result;
}

Image shrunk(const Image &image, int factor) {
    if (factor == 1)
        return image;
    const Image result(image.channels(), image.height() / factor, image.width() / factor);
    const float share = 1.0f / static_cast<float>(factor * factor);
    for_rows(result, [&](int channel, int y) {
        float *const to = result.row(channel, y);
        std::fill_n(to, result.width(), 0.0f);
        for (int row = y * factor; row < (y + 1) * factor; ++row) {
            const float *const from = image.row(channel, row);
            for (int x = 0; x < result.width(); ++x)
                for (int i = 0; i < factor; ++i)
                    to[x] += share * from[x * factor + i];
        }
    });
    return result;
}

void multiply(const Image &image, const Image &by) {
    for_rows(image, [&](int channel, int y) {
        float *const row = image.row(channel, y);
        const float *const factors = by.row(0, y);
        for (int x = 0; x < image.width(); ++x)
            row[x] *= factors[x];
    });
}

} // namespace deblur
