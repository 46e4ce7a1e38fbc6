// How fast a network steps, measured beside what the machine can do at best.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "benchmark/device.h"
#include "network/network.h"

namespace deblur {

/// One row of the table.
struct Case {
    std::string model; ///< as shown
    NetworkPtr network;
    int width, height;
    std::string precision; ///< fp32, bf16, int8 (CPU) or fp16 (GPU)
    int threads;           ///< 0 on a GPU
};

struct Measurement {
    double seconds;                ///< a step, the median
    double flops;                  ///< operations per second in it
    double peak_flops;             ///< of the device's matrix product, the median
    double map_bytes;              ///< of feature maps
    double peak_memory;            ///< of the process or on the GPU, while it ran, in bytes
    std::optional<double> speedup; ///< the plain network's seconds over ours, the ratio of medians

    double peak_share() const { return flops / peak_flops; }
};

/// Runs steps and matrix products in turn, and the plain network (PlainNetwork), too, if it is to be
/// compared: whatever else the machine does then slows down all of them.
///
/// @param steps measured (bursts of them, on a GPU), after one to warm up
Measurement measure(BenchmarkDevice &device, const Case &what, int steps, bool compare);

} // namespace deblur
