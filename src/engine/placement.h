// Where and in which precision a network computes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "inference/inference_network.h"

namespace deblur {

struct Placement {
    std::string device; ///< "cpu" or "cuda:N"
    Precision precision;
};

/// For messages: "cpu in bf16".
std::string to_string(const Placement &placement);

} // namespace deblur
