// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_view.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr double kStill = 0.08, kDoubled = 0.06,
                 kOneRepeated = 0.06; // shares of the orders that repeat frames
constexpr int64_t kTime = 0, kRows = 2, kColumns = 3;

} // namespace

Clip transform(Random &random, Clip clip, Symmetries symmetries) {
    const auto flip = [&](int64_t dimension) {
        if (random.chance(0.5))
            change_all(clip, [&](const torch::Tensor &x) { return x.flip({dimension}); });
    };
    flip(kTime);
    flip(kColumns);
    if (symmetries == Symmetries::Upright)
        return clip;
    flip(kRows);
    if (random.chance(0.5) && clip.blurry.size(kRows) == clip.blurry.size(kColumns))
        change_all(clip, [](const torch::Tensor &x) { return x.transpose(kRows, kColumns); });
    std::array<int64_t, 3> order{0, 1, 2};
    for (int64_t i = 2; i > 0; --i)
        std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(random.integer(0, i))]);
    const auto channels = at::tensor(std::vector<int64_t>(order.begin(), order.end()),
                                     at::TensorOptions(at::kLong).device(clip.blurry.device()));
    change_all(clip, [&](const torch::Tensor &x) {
        return x.size(1) == 3 ? x.index_select(1, channels) : x;
    });
    return clip;
}

std::vector<int64_t> frame_order(Random &random, int64_t held, int64_t count) {
    std::vector<int64_t> order(static_cast<size_t>(count));
    std::iota(order.begin(), order.end(), random.integer(0, held - count));
    const double kind = random.uniform();
    const auto repeated = static_cast<size_t>(random.integer(0, count - 1));
    if (kind < kStill) {
        std::fill(order.begin(), order.end(), order[repeated]);
    } else if (kind < kStill + kDoubled) {
        const int64_t first = order[0];
        for (size_t i = 0; i < order.size(); ++i)
            order[i] = first + static_cast<int64_t>((i + repeated % 2) / 2);
    } else if (kind < kStill + kDoubled + kOneRepeated && repeated > 0) {
        order[repeated] = order[repeated - 1];
    }
    return order;
}

Clip view_of(Random &random, const Clip &clip, const View &view) {
    const int64_t held = clip.blurry.size(kTime);
    const int64_t top = random.integer(0, clip.blurry.size(kRows) - view.size);
    const int64_t left = random.integer(0, clip.blurry.size(kColumns) - view.size);
    const auto frames =
        at::tensor(frame_order(random, held, view.frames), at::kLong).to(clip.blurry.device());
    Clip part = clip;
    change_all(part, [&](const torch::Tensor &x) {
        return x.narrow(kRows, top, view.size)
            .narrow(kColumns, left, view.size)
            .index_select(kTime, frames);
    });
    return transform(random, std::move(part), view.symmetries);
}

} // namespace deblur
