// Where and in which precision a network computes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <torch/types.h>

namespace deblur {

struct Placement {
    at::Device device;
    at::ScalarType type; ///< of activations and state; kChar for 8-bit products on the CPU
};

/// For messages: "cpu in bf16".
std::string to_string(const Placement &placement);

} // namespace deblur
