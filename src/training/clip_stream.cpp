// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_stream.h"

#include <algorithm>
#include <array>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kLag = 16; // steps between two uses of a clip

constexpr torch::Tensor Clip::*kMembers[] = {&Clip::blurry, &Clip::sharp, &Clip::motion, &Clip::foreground,
                                             &Clip::blur};

} // namespace

ClipStream::ClipStream(Dataset data, int64_t batch, int64_t uses, uint64_t seed)
    : data_(std::move(data)), batch_(batch), uses_(uses), seed_(seed) {}

const Clip &ClipStream::fetch(int64_t index) {
    auto &entry = cache_[index];
    if (!entry.blurry.defined())
        entry = data_.clip(static_cast<uint64_t>(index));
    return entry;
}

// Draw k of all draws uses clip k / uses - (k % uses) * lag: one new clip, then older ones.
Clip ClipStream::batch(int64_t n) {
    const auto symmetries = data_.options().scenes == Scenes::People ? Symmetries::Upright : Symmetries::All;
    std::vector<Clip> clips;
    for (int64_t k = n * batch_; k < (n + 1) * batch_; ++k) {
        const int64_t newest = k / uses_, lag = kLag * batch_ / uses_ + 1;
        // Before the first clip are those of negative numbers, which nobody else uses.
        const int64_t index = newest - k % uses_ * lag;
        const Clip &rendered = fetch(index);
        Random random(seed_, static_cast<uint64_t>(k));
        clips.push_back(uses_ > 1 ? transform(random, rendered, symmetries) : rendered);
        if (k % uses_ == uses_ - 1)
            cache_.erase(cache_.begin(), cache_.upper_bound(index));
    }
    Clip batch;
    for (const auto member : kMembers) {
        std::vector<torch::Tensor> tensors;
        for (const auto &clip : clips)
            tensors.push_back(clip.*member);
        batch.*member = at::stack(tensors);
    }
    return batch;
}

Clip transform(Random &random, Clip clip, Symmetries symmetries) {
    const auto change_all = [&clip](const auto &change) {
        for (const auto member : kMembers)
            clip.*member = change(clip.*member);
    };
    constexpr int64_t kTime = 0, kRows = 2, kColumns = 3;
    const auto flip = [&](int64_t dimension) {
        if (random.chance(0.5))
            change_all([&](const torch::Tensor &x) { return x.flip({dimension}); });
    };
    flip(kTime);
    flip(kColumns);
    if (symmetries == Symmetries::Upright)
        return clip;
    flip(kRows);
    if (random.chance(0.5) && clip.blurry.size(kRows) == clip.blurry.size(kColumns))
        change_all([](const torch::Tensor &x) { return x.transpose(kRows, kColumns); });
    std::array<int64_t, 3> order{0, 1, 2};
    for (int64_t i = 2; i > 0; --i)
        std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(random.integer(0, i))]);
    const auto channels = at::tensor(std::vector<int64_t>(order.begin(), order.end()),
                                     at::TensorOptions(at::kLong).device(clip.blurry.device()));
    change_all([&](const torch::Tensor &x) { return x.size(1) == 3 ? x.index_select(1, channels) : x; });
    return clip;
}

} // namespace deblur
