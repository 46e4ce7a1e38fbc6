// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/luma.h"

#include <algorithm>
#include <vector>

#include "picture/rows.h"

namespace deblur {

namespace {

// Luma times scale, of image + strength * correction.
void luma_row(const Image &image, const Image &correction, float strength, float scale, int y, float *out) {
    Mixture mixture{};
    for (int k = 0; k < 3; ++k) {
        mixture.rows[k] = image.row(k, y);
        mixture.factors[k] = scale * kLumaWeights[k];
    }
    mix(mixture, 3, 0, out, image.width());
    if (correction.empty())
        return;
    for (int k = 0; k < 3; ++k) {
        mixture.rows[k] = correction.row(k, y);
        mixture.factors[k] *= strength;
    }
    mix_more(mixture, out, image.width());
}

// Part number i of count in a line of length pixels.
struct Part {
    int begin, end;
};
Part part(int i, int count, int length) {
    const auto at = [=](int number) { return static_cast<long long>(number) * length; };
    return {static_cast<int>(at(i) / count), static_cast<int>((at(i + 1) + count - 1) / count)};
}

} // namespace

Image thumbnail(const Image &image) {
    const int width = image.width();
    const Image small(1, std::min(image.height(), kThumbnailHeight), std::min(width, kThumbnailWidth));
    std::vector<float> line(static_cast<size_t>(width)), sum(line.size());
    for (int i = 0; i < small.height(); ++i) {
        const Part rows = part(i, small.height(), image.height());
        std::fill(sum.begin(), sum.end(), 0.0f);
        for (int y = rows.begin; y < rows.end; ++y) {
            luma_row(image, {}, 0, 1, y, line.data());
            add_scaled(line.data(), 1.0f / static_cast<float>(rows.end - rows.begin), sum.data(), width);
        }
        for (int j = 0; j < small.width(); ++j) {
            const Part columns = part(j, small.width(), width);
            float mean = 0;
            for (int x = columns.begin; x < columns.end; ++x)
                mean += sum[static_cast<size_t>(x)];
            small.row(0, i)[j] = mean / static_cast<float>(columns.end - columns.begin);
        }
    }
    return small;
}

float sharpness(const Image &image, const Image &correction, float strength) {
    const int height = image.height(), width = image.width();
    // Three rows around one, with the nearest pixel beyond the edges.
    std::vector<float> memory(3 * (static_cast<size_t>(width) + 2));
    const auto row = [&](int y) { return &memory[static_cast<size_t>((y + 3) % 3) * (static_cast<size_t>(width) + 2)]; };
    const auto make = [&](int y) {
        float *const to = row(y);
        luma_row(image, correction, strength, 255, std::clamp(y, 0, height - 1), to + 1);
        to[0] = to[1];
        to[width + 1] = to[width];
    };
    make(-1);
    make(0);
    double sum = 0, squares = 0;
    for (int y = 0; y < height; ++y) {
        make(y + 1);
        const LaplacianSums sums = laplacian_sums(row(y - 1), row(y), row(y + 1), width);
        sum += sums.sum;
        squares += sums.squares;
    }
    const double count = static_cast<double>(height) * width, mean = sum / count;
    return static_cast<float>(squares / count - mean * mean);
}

} // namespace deblur
