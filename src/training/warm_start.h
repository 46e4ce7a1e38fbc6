// Parameters of one network as the start of another.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/parameters.h"

namespace deblur {

/// Loads parameters that were trained with another input window m: what the two windows share is kept;
/// a frame that is new gets zeros (at first, the result is what it was), one that is gone loses its part.
///
/// @param tensors  of the same architecture
/// @param window   m of the network that they belong to
/// @throws std::invalid_argument as load_parameters()
void warm_start(Network &network, TensorMap tensors, int window);

} // namespace deblur
