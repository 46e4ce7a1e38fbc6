// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/film.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "training/dataset.h"

namespace deblur {

namespace {

torch::Tensor resized(const torch::Tensor &x, int64_t height, int64_t width) {
    return at::_upsample_bicubic2d_aa(x, {height, width}, false);
}

void enlarge(Random &random, Clip &clip) {
    const double factor = random.uniform(1.3, 2.5);
    const int64_t height = clip.blurry.size(2), width = clip.blurry.size(3);
    const auto smaller = [factor](int64_t length) {
        return std::max<int64_t>(8, std::lround(static_cast<double>(length) / factor));
    };
    for (auto *picture : {&clip.blurry, &clip.sharp})
        *picture =
            resized(resized(*picture, smaller(height), smaller(width)), height, width).clamp(0, 1);
}

// Lays colour over every frame where alpha is 1, and says that nothing moves there.
void burn_in(Clip &clip, const torch::Tensor &alpha, const torch::Tensor &colour) {
    for (auto *picture : {&clip.blurry, &clip.sharp})
        *picture = at::lerp(*picture, colour, alpha);
    for (auto *map : {&clip.blur, &clip.motion, &clip.foreground})
        if (map->defined())
            *map = *map * (1 - alpha);
}

// A line of letter-like signs: cells of 5 x 7 dots, of which about half are set, in a colour of their own.
void add_title(Random &random, Clip &clip) {
    constexpr int64_t kRows = 7, kColumns = 5, kSpace = 1;
    const int64_t height = clip.blurry.size(2), width = clip.blurry.size(3);
    const int64_t dot = std::min(random.integer(1, 5), std::max<int64_t>(1, height / (2 * kRows)));
    const int64_t count = std::max<int64_t>(
        1, std::min(random.integer(3, 20), width / (dot * (kColumns + kSpace)) - 1));
    auto dots = at::zeros({kRows, count * (kColumns + kSpace)});
    auto set = dots.accessor<float, 2>();
    for (int64_t sign = 0; sign < count; ++sign)
        for (int64_t row = 0; row < kRows; ++row)
            for (int64_t column = 0; column < kColumns; ++column)
                set[row][sign * (kColumns + kSpace) + column] = random.chance(0.55) ? 1.0f : 0.0f;
    const auto ink = dots.repeat_interleave(dot, 0).repeat_interleave(dot, 1);
    const int64_t top = random.integer(0, height - ink.size(0)),
                  left = random.integer(0, std::max<int64_t>(0, width - ink.size(1)));
    auto alpha = at::zeros({1, 1, height, width});
    const int64_t shown = std::min(ink.size(1), width - left);
    alpha.narrow(2, top, ink.size(0))
        .narrow(3, left, shown)
        .copy_(ink.narrow(1, 0, shown).view({1, 1, ink.size(0), shown}));
    if (random.chance(0.5)) { // with an outline
        const auto outline = at::max_pool2d(alpha, {2 * dot + 1, 2 * dot + 1}, {1, 1}, {dot, dot});
        burn_in(clip, outline, at::zeros({1, 3, 1, 1}));
    }
    auto colour = at::ones({1, 3, 1, 1});
    if (random.chance(0.5))
        for (int64_t i = 0; i < 3; ++i)
            colour[0][i].fill_(random.uniform());
    burn_in(clip, alpha * random.uniform(0.7, 1.0), colour);
}

void add_bars(Random &random, Clip &clip) {
    const int64_t height = clip.blurry.size(2), width = clip.blurry.size(3);
    const bool at_sides = random.chance(0.3);
    const int64_t length = at_sides ? width : height;
    auto alpha = at::zeros({1, 1, height, width});
    // A view of training shows a part of the clip, so a bar may be anywhere in it.
    const int64_t bar = random.integer(2, length / 2);
    alpha.narrow(at_sides ? 3 : 2, random.chance(0.5) ? 0 : length - bar, bar).fill_(1);
    burn_in(clip, alpha,
            at::full({1, 3, 1, 1}, random.chance(0.8) ? 0.0 : random.uniform(0, 0.07)));
}

} // namespace

Clip as_film(Random &random, Clip clip, const FilmOptions &options) {
    if (random.chance(options.enlarged))
        enlarge(random, clip);
    if (random.chance(options.titled))
        add_title(random, clip);
    if (random.chance(options.letterboxed))
        add_bars(random, clip);
    if (random.chance(options.compressed))
        clip.blurry = compress(clip.blurry, static_cast<int>(random.integer(15, 36)));
    return clip;
}

} // namespace deblur
