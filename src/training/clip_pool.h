// A pool of rendered clips, of which every step of training draws some: rendering costs more than a step of a small
// network, so that a clip is seen many times, each time another part of it in another order.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <future>
#include <memory>
#include <string>

#include "training/clip_source.h"
#include "training/clip_view.h"

namespace deblur {

struct PoolOptions {
    int64_t capacity = 2000; ///< clips that are kept: 1.4 MB for 7 frames of 160 x 160
    int64_t first = 100;     ///< clips before the first step, at most capacity
    double refresh =
        0.1; ///< clips that are rendered per step from then on; the newest replaces the oldest
    std::string file; ///< where clips are kept, so that the next run finds them; empty: in memory
    std::string
        signature; ///< what clips depend on, at most 255 characters: a file with another one is filled anew
    uint64_t seed = 1; ///< of what is drawn
};

/// Which clips are there in a step, and which of them it draws, depends on the step's number alone. What is missing is rendered
/// when it is asked for: consecutive steps render every clip once, in the background, and a run that resumes finds the clips in
/// the file or renders them again.
class ClipPool {
  public:
    /// @param frames,size  of the clips of the source: N x channels x size x size
    /// @throws std::runtime_error if the file cannot be made
    ClipPool(std::shared_ptr<const ClipSource> source, int64_t frames, int64_t size,
             const PoolOptions &options);
    ~ClipPool();

    /// The clips of a step: blurry, sharp, blur and foreground, count x N x channels x size x size, float32 on the CPU. Values are
    /// those of 8 bits; blur ends at 31.75 pixels.
    ///
    /// @param count at most 256
    Clip batch(int64_t step, int64_t count, const View &view);

    /// Clips rendered so far, by this object.
    int64_t rendered() const { return rendered_; }

  private:
    torch::Tensor slot(int64_t clip) const { return clips_[clip % options_.capacity]; }
    void fill(int64_t begin, int64_t end);
    void store(int64_t clip, const torch::Tensor &packed);

    std::shared_ptr<const ClipSource> source_;
    PoolOptions options_;
    torch::Tensor storage_; ///< bytes of the file
    torch::Tensor numbers_; ///< of the clips in the slots, plus one; a view of storage_
    torch::Tensor clips_;   ///< capacity x N x 8 x size x size, uint8; a view of storage_
    std::future<torch::Tensor> coming_;
    int64_t coming_clip_ = -1;
    int64_t rendered_ = 0;
};

} // namespace deblur
