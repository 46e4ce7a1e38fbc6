// How fast a network steps, measured beside what the machine can do at best.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "network/network.h"

namespace deblur {

/// One row of the table.
struct Case {
    std::string model; ///< as shown
    NetworkPtr network;
    int width, height;
    std::string precision; ///< fp32, bf16 or int8
    int threads;
};

struct Measurement {
    double seconds;                ///< a step, the median
    double flops;                  ///< operations per second in it
    double peak_flops;             ///< of the best of fp32 and bf16 products, the median
    double map_bytes;              ///< of feature maps
    double peak_memory;            ///< of the process, while it ran, in bytes
    std::optional<double> speedup; ///< the plain network's seconds over ours, the ratio of medians

    double peak_share() const { return flops / peak_flops; }
};

/// Runs steps and matrix products in turn, and the plain network (PlainNetwork), too, if it is to be
/// compared: whatever else the machine does then slows down all of them.
///
/// @param steps measured, after one to warm up
Measurement measure(const Case &what, int steps, bool compare);

} // namespace deblur
