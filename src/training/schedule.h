// What changes in the course of a training: the learning rate, and the clips it learns from.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deblur {

/// The learning rate as a share of its largest value.
struct RateSchedule {
    std::string kind = "cosine"; ///< cosine, exponential or constant; after a linear warm-up
    int64_t steps = 20000;       ///< length of the training
    int64_t warmup = 100;        ///< steps over which the rate rises
    double final_share = 0.02;   ///< of the cosine, at its end
    double decay = 0.96; ///< exponential: factor every decay_steps (Kim et al. 2017, section 5)
    int64_t decay_steps = 10000;

    /// @throws std::invalid_argument if the kind is unknown
    double operator()(int64_t step) const;
};

/// A part of the curriculum: which clips a step learns from.
struct Stage {
    double begin = 0; ///< share of the training's steps after which the stage begins, [0, 1)
    int64_t frames = 7;
    int64_t batch = 4;  ///< clips per step
    int64_t size = 128; ///< pixels per side
};

/// Reads "BEGIN:FRAMES:BATCH:SIZE", such as "0.7:13:2:128".
///
/// @throws std::invalid_argument if the text is anything else
Stage parse_stage(const std::string &text);

/// The number of the stage at a step: the last one that has begun.
///
/// @param stages  at least one; the first begins at 0, the others in order
size_t stage_at(const std::vector<Stage> &stages, int64_t step, int64_t steps);

} // namespace deblur
