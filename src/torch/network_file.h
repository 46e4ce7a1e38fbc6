// Networks in weight files.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "network/parameters.h"
#include "weights/weights.h"

namespace deblur {

/// What a weight file says of a network.
struct StoredNetwork {
    NetworkConfig config;
    TensorMap parameters; ///< in the file's types
};

/// Reads a network's weights, if the names and shapes in the file's header are those of its architecture: memory for
/// them is taken only then.
///
/// @param sha256 as in read_safetensors()
/// @throws WeightFileError if the file is damaged
/// @throws std::invalid_argument if it is of no architecture that there is, or does not fit it
StoredNetwork read_network_file(const std::string &path, const std::string &sha256 = "");

/// The same for the contents of a file; name stands in messages.
StoredNetwork parse_network_file(const char *data, size_t size, const std::string &name);

/// The network with these parameters in float32.
///
/// @throws std::invalid_argument as load_parameters()
NetworkPtr network_of(const StoredNetwork &stored);

/// Writes a network's parameters, or others of the same names.
///
/// @throws WeightFileError
void write_network_file(const std::string &path, const Metadata &metadata,
                        const TensorMap &parameters);

} // namespace deblur
