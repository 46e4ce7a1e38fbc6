// Where and in which precision a network computes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <libdeblur/deblur.h>
#include <torch/types.h>

namespace deblur {

struct Placement {
    at::Device device;
    at::ScalarType type; ///< of activations and state; kChar for 8-bit products on the CPU
};

/// Chooses what the caller left open, and checks what was asked for.
///
/// auto is the first GPU where there is one; auto precision is fp16 there, bf16 on a CPU that
/// multiplies it natively (AVX512-BF16, AMX), else fp32.
///
/// @param device "auto", "cpu", "cuda" or "cuda:N"
/// @throws Error with DEBLUR_NO_DEVICE or DEBLUR_INVALID_ARGUMENT
Placement resolve_placement(const std::string &device, deblur_precision precision);

/// For messages: "cpu in bf16".
std::string to_string(const Placement &placement);

} // namespace deblur
