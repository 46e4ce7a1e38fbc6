// Between a network and the named tensors of a weight file.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "network/network.h"

namespace deblur {

using TensorMap = std::map<std::string, torch::Tensor>;

/// The parameters by name, sharing memory with the network.
TensorMap named_parameters(const Network &network);

/// Copies values (any floating type) into the network's parameters.
///
/// @throws std::invalid_argument naming the tensor, if one is missing, unknown, of another shape,
///         or not finite; the network may then be partly overwritten
void load_parameters(Network &network, const TensorMap &values);

} // namespace deblur
