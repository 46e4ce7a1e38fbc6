// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/placement.h"

namespace deblur {

std::string to_string(const Placement &placement) {
    const char *precision = placement.precision == Precision::Float32   ? "fp32"
                            : placement.precision == Precision::Float16 ? "fp16"
                            : placement.precision == Precision::Int8    ? "int8"
                                                                        : "bf16";
    return placement.device + " in " + precision;
}

} // namespace deblur
