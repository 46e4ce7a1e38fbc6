// Networks in weight files.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "network/model.h"

namespace deblur {

/// Reads a network, if the names and shapes in the file's header are those of its architecture: memory for the weights is
/// taken only then.
///
/// @param sha256 as in read_safetensors()
/// @throws WeightFileError if the file is damaged
/// @throws std::invalid_argument if it is of no architecture that there is, does not fit it, or has values that are not
///         finite
Model read_model(const std::string &path, const std::string &sha256 = "");

} // namespace deblur
