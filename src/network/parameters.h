// Between a network and the named tensors and texts of a weight file.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "network/network.h"

namespace deblur {

using TensorMap = std::map<std::string, torch::Tensor>;
using Metadata = std::map<std::string, std::string>;
using Shapes = std::map<std::string, std::vector<int64_t>>; ///< of tensors, by name

constexpr int kMaxWidth = 256; ///< of NetworkConfig::width

/// The configuration under its metadata keys: architecture, window, residual, gate, width.
Metadata config_to_metadata(const NetworkConfig &config);

/// @throws std::invalid_argument if a key is missing or its value makes no sense
NetworkConfig config_from_metadata(const Metadata &metadata);

/// Compares the names and shapes of tensors with those that a network of this configuration has, without making one.
///
/// @throws std::invalid_argument naming the tensor, if one is missing, unknown, or of another shape
void check_shapes(const NetworkConfig &config, const Shapes &given);

/// The parameters by name, sharing memory with the network.
TensorMap named_parameters(const Network &network);

/// Copies values (any floating type) into the network's parameters.
///
/// @throws std::invalid_argument naming the tensor, if one is missing, unknown, of another shape,
///         or not finite; the network may then be partly overwritten
void load_parameters(Network &network, const TensorMap &values);

} // namespace deblur
