// Algorithm 1 of Lin et al. 2019 as it is tested: find what is most blurred, refine it, and see whether that was good. For
// pictures of any kind.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace deblur {

constexpr int64_t kPatchSide = 128, kPatchShift = 64; ///< pixels

/// A rectangle of a picture.
struct PatchWindow {
    int64_t top, left, height, width; ///< pixels

    /// The rectangle of a tensor, ... x H x W.
    template <class Tensor> Tensor of(const Tensor &picture) const {
        return picture.narrow(-2, top, height).narrow(-1, left, width);
    }
};

/// The windows in which a heat map is searched for what is most blurred (section 3): from left to right and from top to
/// bottom, each half over the one before. The last ones end where the picture does, and are smaller than 128 pixels only if
/// it is.
std::vector<PatchWindow> patch_windows(int64_t height, int64_t width);

/// What a refined window counts for beside what was there, along one side: 1 inside, falling to 0 over 16 pixels towards an
/// end that is not the picture's.
///
/// @param begin, length of the window, of a picture's side of so many pixels
std::vector<float> feather_ramp(int64_t begin, int64_t length, int64_t side);

/// What a sequence remembers of its last frame's windows; empty before the first.
struct RegionMemory {
    std::vector<float> average; ///< of their heat, over some frames
    std::vector<float> weights; ///< of their refinement, 0 to 1
};

/// What is thought of a picture as a whole, and where.
struct RegionJudgement {
    double confidence;       ///< delta: that it is sharp
    std::vector<float> heat; ///< H^b: how blurred each window is
};

/// How regions of a picture are judged and refined.
template <class Picture> struct RegionWork {
    /// D_i.
    std::function<RegionJudgement(const Picture &picture)> judge;
    /// G_p, for a window of what came.
    std::function<Picture(const Picture &picture, const PatchWindow &window)> refine;
    /// The picture with a patch blended in, in so far as weight and feather_ramp() say.
    std::function<Picture(const Picture &picture, const PatchWindow &window, const Picture &patch, double weight)> paste;
};

template <class Picture> struct MinedPicture {
    Picture picture;
    RegionMemory memory;        ///< for the next frame of the sequence
    int tried = 0, accepted = 0; ///< windows
};

/// Which windows of a frame are refined, and what for.
class RegionMiner {
  public:
    /// @param passes windows that are refined at most
    RegionMiner(std::vector<float> heat, const RegionMemory &memory, int passes);

    int passes() const { return passes_; } ///< as many as there are windows, at most

    /// The next window to refine.
    size_t choose();

    /// What it is to count for, if judged so with all of it in the picture; sets whether the search ends.
    double weigh(size_t window, bool is_better, bool &is_last);

    /// What the picture's heat is with it.
    void see(const std::vector<float> &heat);

    RegionMemory memory() const { return {average_, weights_}; }

  private:
    bool is_first_;
    int passes_;
    std::vector<float> heat_, average_, mined_, before_, weights_;
    std::vector<bool> visited_;
    float enough_;
};

/// By so much the confidence may fall, ours: whether a good refinement of one window raises what is thought of the whole
/// picture or lowers it, by a thousandth, is chance.
constexpr double kUncertainty = 0.01;

/// Mines the most blurred window of a picture, refines it, and keeps it unless the confidence fell; until it did, or
/// the passes are used up. A window is not mined twice, and what two windows share is refined once (ours): G_p has learnt from
/// what another network made, and not from what it made itself.
///
/// So that video stays calm (ours), windows are blended in with soft borders, and a sequence has a memory: the heat of
/// the windows is averaged over some frames before they are compared, windows of the last frame come first as long as
/// they are among the more blurred, and a window fades in and out over four frames, but for the first frame of a
/// sequence. What fades out is no reason to stop.
///
/// @param windows of the picture
/// @param passes  windows that are refined at most, 0 or more
template <class Picture>
MinedPicture<Picture> mine_regions(const Picture &picture, const std::vector<PatchWindow> &windows,
                                   const RegionMemory &memory, int passes, const RegionWork<Picture> &work) {
    MinedPicture<Picture> result{picture, memory};
    if (passes == 0)
        return result;
    auto now = work.judge(picture);
    RegionMiner miner(now.heat, memory, passes);
    bool is_last = false;
    for (; result.tried < miner.passes() && !is_last; ++result.tried) {
        const size_t chosen = miner.choose();
        const auto &window = windows[chosen];
        const auto patch = work.refine(picture, window);
        const auto candidate = work.paste(result.picture, window, patch, 1);
        const auto judged = work.judge(candidate);
        const bool is_better = judged.confidence > now.confidence - kUncertainty;
        result.accepted += is_better;
        const double weight = miner.weigh(chosen, is_better, is_last);
        if (weight == 0)
            continue;
        result.picture = weight == 1 ? candidate : work.paste(result.picture, window, patch, weight);
        now = weight == 1 ? judged : work.judge(result.picture);
        miner.see(now.heat);
    }
    result.memory = miner.memory();
    return result;
}

} // namespace deblur
