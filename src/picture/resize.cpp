// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "picture/rows.h"

namespace deblur {

namespace {

// What one sample of a result is made of: taps of neighbouring samples.
struct Taps {
    int first, count;
    size_t weights; // where they begin
};

struct Filter {
    std::vector<Taps> taps; // of each sample
    std::vector<float> weights;
};

// Keys' cubic convolution.
double cubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? a * (((x - 5) * x + 8) * x - 4) : 0;
}

Filter bicubic(int in, int out) {
    const double scale = static_cast<double>(in) / out, stretch = std::max(scale, 1.0), support = 2 * stretch;
    Filter filter;
    for (int i = 0; i < out; ++i) {
        const double centre = scale * (i + 0.5);
        const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
        const int count = std::min(static_cast<int>(centre + support + 0.5), in) - first;
        filter.taps.push_back({first, count, filter.weights.size()});
        double sum = 0;
        std::vector<double> weights;
        for (int tap = 0; tap < count; ++tap) {
            weights.push_back(cubic((first + tap - centre + 0.5) / stretch));
            sum += weights.back();
        }
        for (const double weight : weights)
            filter.weights.push_back(static_cast<float>(weight / sum));
    }
    return filter;
}

Filter bilinear(int in, int out) {
    const double scale = static_cast<double>(in) / out;
    Filter filter;
    for (int i = 0; i < out; ++i) {
        const double position = std::max(scale * (i + 0.5) - 0.5, 0.0);
        const int first = std::min(static_cast<int>(position), in - 1);
        const auto fraction = static_cast<float>(position - first);
        const int count = std::min(2, in - first);
        filter.taps.push_back({first, count, filter.weights.size()});
        filter.weights.push_back(count == 1 ? 1 : 1 - fraction);
        if (count == 2)
            filter.weights.push_back(fraction);
    }
    return filter;
}

Image apply(const Image &image, const Filter &across, const Filter &down) {
    const int height = static_cast<int>(down.taps.size()), width = static_cast<int>(across.taps.size());
    const int rows = image.channels() * image.height();
    const Image wide(image.channels(), image.height(), width), result(image.channels(), height, width);
    for_parts(rows, row_grain(width), [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const float *const from = image.row(0, i); // planes follow each other
            float *const to = wide.row(0, i);
            for (int x = 0; x < width; ++x) {
                const Taps &taps = across.taps[static_cast<size_t>(x)];
                const float *const weights = &across.weights[taps.weights];
                float sum = 0;
                for (int tap = 0; tap < taps.count; ++tap)
                    sum += weights[tap] * from[taps.first + tap];
                to[x] = sum;
            }
        }
    });
    for_parts(image.channels() * height, row_grain(width), [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const int channel = i / height, y = i % height;
            const Taps &taps = down.taps[static_cast<size_t>(y)];
            float *const to = result.row(channel, y);
            std::fill_n(to, width, 0.0f);
            for (int tap = 0; tap < taps.count; ++tap)
                add_scaled(wide.row(channel, taps.first + tap), down.weights[taps.weights + static_cast<size_t>(tap)],
                           to, width);
        }
    });
    return result;
}

} // namespace

Image resize(const Image &image, int height, int width) {
    if (image.has_size(height, width))
        return image;
    return apply(image, bicubic(image.width(), width), bicubic(image.height(), height));
}

Image resize_bilinear(const Image &image, int height, int width) {
    if (image.has_size(height, width))
        return image;
    return apply(image, bilinear(image.width(), width), bilinear(image.height(), height));
}

} // namespace deblur
