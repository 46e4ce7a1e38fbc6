// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/region_mining.h"

#include <iterator>
#include <utility>

namespace deblur {

namespace {

constexpr int64_t kFeather = 16; // pixels
constexpr float kFade = 0.25f;   // of a window's weight, by frame
constexpr float kRecent = 0.25f; // what a frame's heat counts for in the average
constexpr int kLoyalty = 3;      // times the passes: so many of the most blurred windows keep their place

std::vector<int64_t> starts(int64_t length) {
    std::vector<int64_t> found{0};
    while (found.back() + kPatchSide < length)
        found.push_back(std::min(found.back() + kPatchShift, length - kPatchSide));
    return found;
}

} // namespace

std::vector<PatchWindow> patch_windows(int64_t height, int64_t width) {
    std::vector<PatchWindow> windows;
    for (const int64_t top : starts(height))
        for (const int64_t left : starts(width))
            windows.push_back({top, left, std::min(kPatchSide, height), std::min(kPatchSide, width)});
    return windows;
}

std::vector<float> feather_ramp(int64_t begin, int64_t length, int64_t side) {
    std::vector<float> ramp(static_cast<size_t>(length), 1.0f);
    const auto share = [](int64_t distance) { return (static_cast<float>(distance) + 0.5f) / static_cast<float>(kFeather); };
    for (int64_t i = 0; i < length; ++i) {
        float &weight = ramp[static_cast<size_t>(i)];
        if (begin > 0)
            weight = std::min(weight, share(i));
        if (begin + length < side)
            weight = std::min(weight, share(length - 1 - i));
    }
    return ramp;
}

RegionMiner::RegionMiner(std::vector<float> heat, const RegionMemory &memory, int passes)
    : is_first_(memory.average.empty()), passes_(std::min(passes, static_cast<int>(heat.size()))), heat_(std::move(heat)),
      average_(is_first_ ? heat_ : memory.average), before_(is_first_ ? std::vector<float>(heat_.size()) : memory.weights),
      weights_(heat_.size()), visited_(heat_.size()) {
    if (!is_first_)
        for (size_t i = 0; i < average_.size(); ++i)
            average_[i] += kRecent * (heat_[i] - average_[i]);
    mined_ = average_;
    auto ranked = average_;
    const auto rank = std::min<ptrdiff_t>(ptrdiff_t{kLoyalty} * passes, static_cast<ptrdiff_t>(ranked.size())) - 1;
    std::nth_element(ranked.begin(), ranked.begin() + rank, ranked.end(), std::greater<>());
    enough_ = ranked[static_cast<size_t>(rank)];
}

size_t RegionMiner::choose() {
    const auto hottest = [this](const auto &is_candidate) {
        size_t best = mined_.size();
        for (size_t i = 0; i < mined_.size(); ++i)
            if (!visited_[i] && is_candidate(i) && (best == mined_.size() || mined_[i] > mined_[best]))
                best = i;
        return best;
    };
    size_t chosen = hottest([this](size_t i) { return before_[i] != 0; });
    if (chosen == mined_.size())
        chosen = hottest([](size_t) { return true; });
    visited_[chosen] = true;
    return chosen;
}

double RegionMiner::weigh(size_t window, bool is_better, bool &is_last) {
    const float had = before_[window];
    const bool is_wanted = is_better && (had == 0 || average_[window] >= enough_);
    const float weight =
        is_first_ ? static_cast<float>(is_better) : std::clamp(had + (is_wanted ? kFade : -kFade), 0.0f, 1.0f);
    weights_[window] = weight;
    is_last = weight == 0 && had == 0;
    return weight;
}

void RegionMiner::see(const std::vector<float> &heat) {
    for (size_t i = 0; i < heat.size(); ++i)
        mined_[i] += heat[i] - heat_[i];
    heat_ = heat;
}

} // namespace deblur
