// Convolutions by each way against double precision.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "inference/cpu/convolution.h"
#include "inference/cpu/features.h"

namespace deblur::cpu {
namespace {

struct Case {
    int in, out, size, stride, left;
};

constexpr int kRows = 11, kWidth = 13; // no multiples of a tile

// Input and output of a convolution; samples are in [low, 1].
struct Layer {
    Layer(const Case &c, float low)
        : what(c), strip{kWidth * c.stride,
                         (kWidth * c.stride - c.size + 2 * c.left) / c.stride + 1, kRows, c.stride,
                         c.left} {
        std::mt19937 generator(1);
        std::uniform_real_distribution<float> sample(low, 1), weight(-1, 1);
        kernel = {c.out, c.in, c.size,
                  std::vector<float>(static_cast<size_t>(c.out) * c.in * c.size * c.size),
                  std::vector<float>(c.out)};
        for (auto *values : {&kernel.weights, &kernel.biases})
            for (float &value : *values)
                value = weight(generator);
        src.resize(static_cast<size_t>((kRows - 1) * c.stride + c.size) * strip.in_width * c.in);
        for (float &value : src)
            value = sample(generator);
        dst.resize(static_cast<size_t>(kRows) * strip.out_width * c.out);
        for (float &value : dst)
            value = weight(generator);
    }

    double expected(int y, int x, int out) const {
        double sum = kernel.biases[out] +
                     dst[(static_cast<size_t>(y) * strip.out_width + x) * what.out + out];
        for (int v = 0; v < what.size; ++v)
            for (int u = 0; u < what.size; ++u) {
                const int row = y * what.stride + v, column = x * what.stride + u - what.left;
                if (column < 0 || column >= strip.in_width)
                    continue;
                for (int i = 0; i < what.in; ++i)
                    sum +=
                        static_cast<double>(
                            src[(static_cast<size_t>(row) * strip.in_width + column) * what.in +
                                i]) *
                        kernel.weights[((static_cast<size_t>(out) * what.in + i) * what.size + v) *
                                           what.size +
                                       u];
            }
        return std::max(sum, 0.0);
    }

    // The largest error over the first rows, by a convolution that adds to dst; below them, dst must stay as it was.
    double error(int rows, const Range *range = nullptr) const {
        auto actual = dst;
        Convolution(kernel, strip, Element::Float32, Element::Float32, {}, true, Activation::Relu,
                    range)
            .run(src.data(), actual.data(), rows);
        double largest = 0;
        for (int y = 0; y < rows; ++y)
            for (int x = 0; x < strip.out_width; ++x)
                for (int out = 0; out < what.out; ++out)
                    largest = std::max(
                        largest,
                        std::abs(expected(y, x, out) -
                                 actual[(static_cast<size_t>(y) * strip.out_width + x) * what.out +
                                        out]));
        const auto below = static_cast<ptrdiff_t>(rows) * strip.out_width * what.out;
        EXPECT_TRUE(std::equal(dst.begin() + below, dst.end(), actual.begin() + below));
        return largest;
    }

    Case what;
    Strip strip;
    Kernel kernel;
    std::vector<float> src, dst;
};

class EveryShape : public testing::TestWithParam<Case> {};

TEST_P(EveryShape, Float32IsExactToRounding) {
    const Layer layer(GetParam(), -1);
    EXPECT_LT(layer.error(kRows), 5e-5 * std::sqrt(layer.what.in));
}

// Rows beyond those that count may hold anything.
TEST_P(EveryShape, RowsBelowDoNotMatter) {
    Layer layer(GetParam(), -1);
    constexpr int rows = kRows - 2;
    const auto below = static_cast<ptrdiff_t>((rows - 1) * layer.what.stride + layer.what.size) *
                       layer.strip.in_width * layer.what.in;
    std::fill(layer.src.begin() + below, layer.src.end(), std::nanf(""));
    EXPECT_LT(layer.error(rows), 5e-5 * std::sqrt(layer.what.in));
}

INSTANTIATE_TEST_SUITE_P(All, EveryShape,
                         testing::Values(Case{9, 20, 5, 1, 2}, Case{32, 33, 3, 1, 1},
                                         Case{7, 3, 3, 1, 1}, Case{16, 40, 2, 1, 1},
                                         Case{64, 12, 2, 1, 0}, Case{20, 17, 3, 2, 1},
                                         Case{5, 24, 1, 1, 0}));

class Codes : public testing::TestWithParam<Case> {};

// Samples that are codes are multiplied without error but for the weights' rounding.
TEST_P(Codes, AreMultipliedExactly) {
    if (!computes_int8())
        GTEST_SKIP();
    for (const float low : {0.0f, -1.0f}) {
        Layer layer(GetParam(), low);
        const float codes = low < 0 ? 127 : 255;
        for (float &sample : layer.src)
            sample = std::round(sample * codes) / codes;
        const Range range{low, 1};
        const double sum = layer.what.in * layer.what.size * layer.what.size *
                           0.25; // of a product's magnitude, on average
        EXPECT_LT(layer.error(kRows, &range), 0.002 * sum) << low;
    }
}

// The largest samples and weights that there are, in the signs that add up most: no sum saturates or wraps around.
TEST_P(Codes, SumsHaveRoom) {
    if (!computes_int8())
        GTEST_SKIP();
    for (const float low : {0.0f, -1.0f}) {
        Layer layer(GetParam(), low);
        std::fill(layer.kernel.weights.begin(), layer.kernel.weights.end(), 1.0f);
        const int side = layer.strip.in_width;
        for (size_t i = 0; i < layer.src.size();
             ++i) { // a checkerboard: the transforms' largest values
            const size_t pixel = i / static_cast<size_t>(layer.what.in);
            layer.src[i] = (pixel % side + pixel / side) % 2 ? low : 1;
        }
        const Range range{low, 1};
        EXPECT_LT(layer.error(kRows, &range),
                  0.002 * layer.what.in * layer.what.size * layer.what.size)
            << low;
        std::fill(layer.src.begin(), layer.src.end(), 1.0f);
        EXPECT_LT(layer.error(kRows, &range),
                  0.002 * layer.what.in * layer.what.size * layer.what.size)
            << low;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Codes,
                         testing::Values(Case{128, 16, 5, 1, 2}, Case{33, 20, 3, 1, 1},
                                         Case{192, 16, 3, 1, 1}, Case{256, 12, 2, 1, 0}));

} // namespace
} // namespace deblur::cpu
