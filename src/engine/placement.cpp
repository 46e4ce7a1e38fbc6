// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/placement.h"

namespace deblur {

std::string to_string(const Placement &placement) {
    const char *precision = placement.type == at::kFloat  ? "fp32"
                            : placement.type == at::kHalf ? "fp16"
                            : placement.type == at::kChar ? "int8"
                                                          : "bf16";
    return placement.device.str() + " in " + precision;
}

} // namespace deblur
