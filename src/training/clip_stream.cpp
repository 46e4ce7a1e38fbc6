// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_stream.h"

#include <algorithm>
#include <array>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kLag = 16; // steps between two uses of a clip

} // namespace

ClipStream::ClipStream(Dataset data, int64_t batch, int64_t uses, uint64_t seed)
    : data_(std::move(data)), batch_(batch), uses_(uses), seed_(seed) {}

const ClipStream::Rendered &ClipStream::fetch(int64_t index) {
    auto &entry = cache_[index];
    if (!entry.blurry.defined()) {
        const auto clip = data_.clip(static_cast<uint64_t>(index));
        entry.blurry = clip.blurry;
        entry.sharp = clip.sharp;
    }
    return entry;
}

// Draw k of all draws uses clip k / uses - (k % uses) * lag: one new clip, then older ones.
std::pair<torch::Tensor, torch::Tensor> ClipStream::batch(int64_t n) {
    std::vector<torch::Tensor> blurry, sharp;
    for (int64_t k = n * batch_; k < (n + 1) * batch_; ++k) {
        const int64_t newest = k / uses_, lag = kLag * batch_ / uses_ + 1;
        // Before the first clip are those of negative numbers, which nobody else uses.
        const int64_t index = newest - k % uses_ * lag;
        const auto &rendered = fetch(index);
        Random random(seed_, static_cast<uint64_t>(k));
        const auto [b, s] = uses_ > 1 ? transform(random, rendered.blurry, rendered.sharp)
                                      : std::pair(rendered.blurry, rendered.sharp);
        blurry.push_back(b);
        sharp.push_back(s);
        if (k % uses_ == uses_ - 1)
            cache_.erase(cache_.begin(), cache_.upper_bound(index));
    }
    return {at::stack(blurry), at::stack(sharp)};
}

std::pair<torch::Tensor, torch::Tensor> transform(Random &random, torch::Tensor blurry,
                                                  torch::Tensor sharp) {
    const auto both = [&](const auto &change) {
        blurry = change(blurry);
        sharp = change(sharp);
    };
    for (const int64_t dimension : {0, 2, 3}) // time, rows, columns
        if (random.chance(0.5))
            both([&](const torch::Tensor &x) { return x.flip({dimension}); });
    if (random.chance(0.5) && blurry.size(2) == blurry.size(3))
        both([](const torch::Tensor &x) { return x.transpose(2, 3); });
    std::array<int64_t, 3> order{0, 1, 2};
    for (int64_t i = 2; i > 0; --i)
        std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(random.integer(0, i))]);
    const auto channels = at::tensor(std::vector<int64_t>(order.begin(), order.end()),
                                     at::TensorOptions(at::kLong).device(blurry.device()));
    both([&](const torch::Tensor &x) { return x.index_select(1, channels); });
    return {blurry, sharp};
}

} // namespace deblur
