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
/// @param network  without a gate, on the device of the clips
/// @param data     whose first clips are used
/// @param count    how many, 1 or more
/// @param progress called after each of them
/// @return the same for the same clips, seed and machine
GateDecision fit_gate(Network &network, const Dataset &data, int64_t count,
                      const std::function<void(int64_t clips)> &progress);

/// @param bias of the logit: above 0 more is trusted, below 0 less
GateDecision shifted(GateDecision decision, double bias);

} // namespace deblur
