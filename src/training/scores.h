// What a network's pictures are measured by.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <vector>

#include <torch/types.h>

#include "training/flow.h"

namespace deblur {

/// Means over the frames of a sequence, or over sequences.
struct Scores {
    double psnr = 0;               ///< decibels, see metrics.h
    double ssim = 0;               ///< see metrics.h
    std::optional<double> warping; ///< warping error as a share of the sharp clip's; see flow.h
    std::optional<double> motion_error; ///< tOF, pixels; see flow.h
    std::optional<double> sharp_psnr;   ///< decibels, of the output for the sharp clip as input
    /// Decibels, where the true blur is above, and up to, kLocalBlur; of Scenes::People, where they are, and elsewhere.
    std::optional<double> inside, outside;
    /// Of the network's map above 1/2 and the true blur above half of its full scale; of Scenes::People, and them.
    std::optional<double> iou;
    /// Blurred-region localisation (Lin et al. 2019, section 4.1): intersection over union of the 128 x 128 window in which
    /// the map is largest, and of the one in which the true blur is; not of Scenes::People.
    std::optional<double> region_iou;
};

constexpr double kLocalBlur = 0.5; ///< pixels

/// What is known of a frame.
struct Truth {
    torch::Tensor sharp, blur, people; ///< as in FramePair
    std::optional<TrueMotion> motion; ///< from the second frame on
    double warping_error = 0;         ///< of the sharp frames themselves, where there is motion
};

/// A mean over frames of which some may lack the value.
class OptionalMean {
  public:
    void add(double value) {
        sum_ += value;
        ++count_;
    }
    std::optional<double> value() const { return count_ > 0 ? std::optional(sum_ / count_) : std::nullopt; }

  private:
    double sum_ = 0;
    int count_ = 0;
};

/// Sums over the frames of one row, which come in order.
class Tally {
  public:
    /// @param frame 3 x H x W, float32, rounded to 8 bits
    /// @param map   1 x H x W in [0,1]; may be undefined
    void add(const torch::Tensor &frame, const torch::Tensor &map, const Truth &truth);

    Scores scores() const;
    const std::vector<double> &psnr() const { return psnr_; }
    int64_t frames() const { return static_cast<int64_t>(psnr_.size()); }

  private:
    void add_local(const torch::Tensor &frame, const torch::Tensor &map, const Truth &truth);

    std::vector<double> psnr_;
    OptionalMean inside_, outside_, iou_, region_iou_;
    double ssim_ = 0, warping_ = 0, true_warping_ = 0, motion_ = 0;
    int moving_ = 0;
    torch::Tensor previous_;
};

} // namespace deblur
