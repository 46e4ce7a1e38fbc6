// How fast training steps are, and what of the machine they use.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <vector>

#include "network/network.h"

namespace deblur {

/// One row of the scaling run.
struct StepTiming {
    at::ScalarType precision = at::kFloat;
    int64_t batch = 0;  ///< clips
    double seconds = 0; ///< a step: forward, backward and update, the median; data are at hand
    double flops_per_second = 0; ///< three times the forward's operations, as is usual
    double matrix_share = 0; ///< of the rate of a product of 2048 x 2048 matrices in that precision
};

struct ScalingOptions {
    std::vector<int64_t> batches{1, 2, 4, 8};
    std::vector<at::ScalarType> precisions{at::kBFloat16, at::kFloat};
    int64_t frames = 5, size = 128;
    int repetitions = 5;
    torch::Device device = torch::kCPU;
};

/// Times steps of new networks of a configuration; visit() gets every row as it is measured.
void measure_scaling(const NetworkConfig &config, const ScalingOptions &options,
                     const std::function<void(const StepTiming &)> &visit);

} // namespace deblur
