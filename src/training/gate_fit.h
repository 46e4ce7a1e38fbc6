// Fitting a network's gate: when are its corrections right?
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "network/network.h"
#include "training/dataset.h"

namespace deblur {

/// Learns to tell corrections that bring a picture closer to the truth from those that do not: by logistic regression
/// behind one hidden layer, on what the network makes of blurry clips and of their sharp truth, a block of 8 x 8 pixels at a
/// time, each weighted by how much is corrected there.
///
/// @param network  on the device of the clips, with its precision set; a gate that it has is not looked at
/// @param data     whose first clips are used
/// @param count    how many, 1 or more
/// @param progress called after each of them
/// @return the same for the same clips, seed and machine
GateDecision fit_gate(Network &network, const Dataset &data, int64_t count,
                      const std::function<void(int64_t clips)> &progress);

/// @param gain that takes the place of the gate's; 0: that stays
/// @param bias added to the decision's logit, if there is one: above 0 more is trusted, below 0 less
Gate adjusted(Gate gate, double gain, double bias);

} // namespace deblur
