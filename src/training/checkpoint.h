// One file that holds everything a training run needs to go on exactly.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

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

/// Whose moments there are. What learns nothing has no optimiser.
struct CheckpointOptimizers {
    Optimizer *own = nullptr, *adversary = nullptr;
};

/// Writes parameters, averages, moments and progress as safetensors.
///
/// @throws WeightFileError if the file cannot be written
void write_checkpoint(const std::string &path, const Network &network, const CheckpointOptimizers &optimizers,
                      const Progress &progress);

/// The inverse, into a network of the same configuration.
///
/// @throws WeightFileError or std::invalid_argument if the file is damaged or of another network
Progress read_checkpoint(const std::string &path, Network &network, const CheckpointOptimizers &optimizers);

/// Writes only what inference needs, in float16 (half the size; its error is far below bfloat16
/// computation's), with metadata beside the network's configuration.
void write_weights(const std::string &path, const Network &network, const TensorMap &parameters,
                   const Metadata &metadata);

} // namespace deblur
