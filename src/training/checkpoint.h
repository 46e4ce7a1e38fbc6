// One file that holds everything a training run needs to go on exactly.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "training/optimizer.h"

namespace deblur {

/// What is neither a parameter nor a moment. Data need no generator state: clip i is a function of
/// the seed and i.
struct Progress {
    int64_t step = 0;
    double seconds = 0; ///< spent in training, all runs together
    double best = 0;    ///< best validation PSNR so far, decibels
    TensorMap average;  ///< exponential moving average of the parameters
};

/// Writes parameters, averages, moments and progress as safetensors.
///
/// @param optimizer, adversary the network's own and its adversary's; what learns nothing has none
/// @throws WeightFileError if the file cannot be written
void write_checkpoint(const std::string &path, const Network &network, const std::optional<Optimizer> &optimizer,
                      const std::optional<Optimizer> &adversary, const Progress &progress);

/// The inverse, into a network of the same configuration.
///
/// @throws WeightFileError or std::invalid_argument if the file is damaged or of another network
Progress read_checkpoint(const std::string &path, Network &network, std::optional<Optimizer> &optimizer,
                         std::optional<Optimizer> &adversary);

/// Writes only what inference needs, in float16 (half the size; its error is far below bfloat16
/// computation's), with metadata beside the network's configuration.
void write_weights(const std::string &path, const Network &network, const TensorMap &parameters,
                   const Metadata &metadata);

} // namespace deblur
