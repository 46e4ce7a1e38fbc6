// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/dead_leaves.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kOversampling = 2; // shapes have hard borders until they are shrunk
constexpr double kMinRadius = 3;     // pixels of the result
constexpr double kMinBackdrop =
    0.06; // of the first leaves, a share of the side: they leave no gaps
constexpr int kBackdropLeaves = 400;
constexpr double kShare = 0.3;    // the largest radius, as a share of the side
constexpr int kLeavesPerSide = 6; // count of leaves per pixel of the side

using Color = std::array<float, 3>;

Color random_color(Random &random) {
    const double brightness = random.uniform(0.05, 0.95), tint = random.uniform(0, 0.35);
    Color color;
    for (auto &value : color)
        value = static_cast<float>(std::clamp(brightness + random.uniform(-tint, tint), 0.0, 1.0));
    return color;
}

// One opaque shape with stripes, checks or fine speckle on it.
struct Leaf {
    double x, y, radius, aspect, cos, sin;
    bool box;
    Color color, second;
    double frequency_u, frequency_v, softness;

    Leaf(Random &random, double side, double low) {
        x = random.uniform(0, side);
        y = random.uniform(0, side);
        // Density of radii falls with the cube, as objects at random distances have it.
        const double high = kShare * side;
        const double share = random.uniform();
        radius = 1 / std::sqrt((1 - share) / (low * low) + share / (high * high));
        aspect = random.log_uniform(0.3, 1.0);
        const double angle = random.uniform(0, 6.2831853);
        cos = std::cos(angle);
        sin = std::sin(angle);
        box = random.chance(0.4);
        color = random_color(random);
        second = random.chance(0.5) ? random_color(random) : color;
        frequency_u = random.log_uniform(0.05, 0.8) / kOversampling;
        frequency_v = random.chance(0.5) ? frequency_u : 0;
        softness = random.log_uniform(1, 20);
    }

    bool covers(double u, double v) const {
        return box ? std::abs(u) < radius && std::abs(v) < radius * aspect
                   : u * u + v * v / (aspect * aspect) < radius * radius;
    }

    float texture(double u, double v) const {
        const double wave = std::cos(u * frequency_u) * std::cos(v * frequency_v);
        return static_cast<float>(0.5 + 0.5 * std::tanh(softness * wave));
    }
};

void paint(torch::TensorAccessor<float, 3> picture, const Leaf &leaf) {
    const int64_t side = picture.size(1);
    const double reach = leaf.radius * 1.5; // beyond a box's corner
    const auto bound = [&](double value) {
        return std::clamp<int64_t>(static_cast<int64_t>(value), 0, side);
    };
    for (int64_t row = bound(leaf.y - reach); row < bound(leaf.y + reach + 1); ++row)
        for (int64_t column = bound(leaf.x - reach); column < bound(leaf.x + reach + 1); ++column) {
            const double dx = static_cast<double>(column) - leaf.x;
            const double dy = static_cast<double>(row) - leaf.y;
            const double u = leaf.cos * dx + leaf.sin * dy, v = leaf.cos * dy - leaf.sin * dx;
            if (!leaf.covers(u, v))
                continue;
            const float share = leaf.texture(u, v);
            for (int64_t channel = 0; channel < 3; ++channel)
                picture[channel][row][column] =
                    leaf.color[channel] + share * (leaf.second[channel] - leaf.color[channel]);
        }
}

} // namespace

torch::Tensor DeadLeaves::detail(Random &random, int64_t side, int64_t) const {
    const int64_t large = side * kOversampling;
    auto picture = at::full({3, large, large}, 0.5);
    const auto pixels = picture.accessor<float, 3>();
    const auto extent = static_cast<double>(large);
    for (int i = 0; i < kBackdropLeaves; ++i)
        paint(pixels, Leaf(random, extent, kMinBackdrop * extent));
    for (int64_t i = 0; i < kLeavesPerSide * side; ++i)
        paint(pixels,
              Leaf(random, extent, std::min(kMinRadius * kOversampling, kMinBackdrop * extent)));
    return at::avg_pool2d(picture.unsqueeze(0), {kOversampling, kOversampling}).squeeze(0);
}

CutOut DeadLeaves::cut_out(Random &random, int64_t side) const {
    const auto length = static_cast<int64_t>(static_cast<double>(side) * random.uniform(0.3, 1.0));
    auto picture = detail(random, length);
    return {std::move(picture), random_blob(random, length)};
}

} // namespace deblur
