// Networks against sharp truth, on whole sequences of full frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "network/network.h"
#include "network/refinement_stage.h"
#include "training/scores.h"
#include "training/sequences.h"

namespace deblur {

/// One row of the comparison: a network, or none for the blurry input itself.
struct Contestant {
    std::string label;
    NetworkPtr network; ///< on its device, with its precision set
    std::optional<RefinementStage> refinement = std::nullopt; ///< of its pictures
};

/// The blurriest frame of a sequence (of the lowest PSNR), for looking at.
struct Example {
    int64_t frame = -1;                  ///< counted from 0
    int64_t top = 0, left = 0, side = 0; ///< the square that blur harms most, pixels
    torch::Tensor sharp;                 ///< uint8, H x W x 3
    std::vector<torch::Tensor> restored; ///< the same, one for each row
};

struct SequenceResult {
    std::string name, group;
    int64_t frames = 0, height = 0, width = 0;
    std::vector<Scores> scores;            ///< one for each row
    std::vector<std::vector<double>> psnr; ///< by row and frame
    Example example;
};

struct Evaluation {
    std::vector<std::string> labels; ///< of the rows; the first is the blurry input
    std::vector<SequenceResult> sequences;

    /// One for each row: means over sequences, each with equal weight.
    std::vector<Scores> means() const;

    /// The same over the sequences of one group.
    std::vector<Scores> means(const std::string &group) const;

    /// In the order in which they first appear.
    std::vector<std::string> groups() const;
};

struct EvaluationOptions {
    bool sharp_input = false; ///< also restore the sharp clips, and measure the damage
    bool temporal = true;     ///< also measure warping error and tOF
    int64_t max_frames = 0;   ///< of each sequence; 0 for all
};

/// Called after every frame: the sequence's number, and how many of its frames are read.
using EvaluationProgress = std::function<void(size_t sequence, int64_t frames)>;

/// Restores every sequence with every contestant, frame by frame, with only their windows in
/// memory.
///
/// @throws std::runtime_error if a sequence has no frames; whatever its source throws
Evaluation evaluate(const std::vector<SequenceSource> &sequences,
                    const std::vector<Contestant> &contestants, const EvaluationOptions &options,
                    const EvaluationProgress &progress);

} // namespace deblur
