// Blurry sequences with their sharp truth, for validation and evaluation.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "training/dataset.h"

namespace deblur {

/// Full frames, 3 x H x W, float32 in [0,1].
struct SequencePair {
    std::string name;
    std::vector<torch::Tensor> blurry, sharp;
};

/// Where a sequence lies: each a folder of pictures or a video file.
struct SequenceFiles {
    std::string name, blurry, sharp;
};

/// One frame of a sequence, 3 x H x W, float32 in [0,1].
struct FramePair {
    torch::Tensor blurry, sharp;
    torch::Tensor blur = {};   ///< 1 x H x W, see Clip::blur, pixels; undefined where it is not known
    torch::Tensor people = {}; ///< 1 x H x W, Clip::foreground of Scenes::People; undefined of others
};

/// Hands out a sequence frame by frame, and nothing at its end.
using PairReader = std::function<std::optional<FramePair>()>;

/// A sequence that is read or rendered when it is opened.
struct SequenceSource {
    std::string name;
    std::string group; ///< sequences of equal groups are summed up together; may be empty
    std::function<PairReader()> open;
};

/// @throws (when read) std::runtime_error if the two differ in number or size of frames; MediaError
SequenceSource file_source(const SequenceFiles &files);

/// Clip index of a virtual camera's data set.
SequenceSource synthetic_source(const Dataset &dataset, uint64_t index, const std::string &name,
                                const std::string &group);

/// The sequences NAME/blur with NAME/sharp (or NAME/input with NAME/GT) in a folder, by name.
///
/// @throws std::runtime_error if there is none
std::vector<SequenceFiles> list_sequences(const std::string &directory);

/// uint8 H x W x 3, as pictures are read, to float32 3 x H x W in [0,1].
torch::Tensor pixels_to_frame(const torch::Tensor &pixels);

/// The way back, clamped and rounded.
torch::Tensor frame_to_pixels(const torch::Tensor &frame);

/// Reads the sequences that list_sequences() finds.
///
/// @throws std::runtime_error if blurry and sharp frames differ in number
std::vector<SequencePair> read_sequences(const std::string &directory);

/// Clips 0 .. count - 1 of a virtual camera's data set.
std::vector<SequencePair> synthetic_sequences(const Dataset &dataset, int64_t count);

/// Mean PSNR of the frames of a sequence as restored, each up to kInvisiblePsnr, decibels.
///
/// @param restored as many frames as the sequence has
double visible_psnr(const std::vector<torch::Tensor> &restored, const SequencePair &sequence);

/// The same of the blurry frames, over sequences of equal weight.
double blurry_psnr(const std::vector<SequencePair> &sequences);

} // namespace deblur
