// Parameters of one network as the start of another.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "network/parameters.h"

namespace deblur {

/// Loads parameters that were trained with another input window m: what the two windows share is kept;
/// a frame that is new gets zeros (at first, the result is what it was), one that is gone loses its part.
///
/// @param tensors  by name, as in the weight file
/// @param config   of the network that they belong to. If it is of another architecture, only the tensors that both
///                 have, by name and shape, are taken, such as those of a backbone or of a perception
/// @throws std::invalid_argument as load_parameters(); if the two have nothing in common
void warm_start(Network &network, TensorMap tensors, const NetworkConfig &config);

/// One of the checkpoints that are averaged, and its part in their mean.
struct MeanPart {
    double share; ///< above 0; shares are taken relative to their sum
    TensorMap tensors;
};

/// The weighted mean of checkpoints of one training, tensor by tensor, in float32: what they agree on stays, what drifts
/// between them is damped (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization").
///
/// @throws std::invalid_argument if there are none, a share is not above 0, or names or shapes differ
TensorMap weighted_mean(const std::vector<MeanPart> &parts);

} // namespace deblur
