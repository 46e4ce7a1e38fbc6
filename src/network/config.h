// What a weight file says about its network; enough to build it again.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "network/gate_shape.h"

namespace deblur {

struct NetworkConfig {
    std::string architecture = "strcnn_dtb";
    int window = 1;       ///< m: frames on each side of the current one, 0 to kMaxWindow
    bool residual = true; ///< the head predicts L_n - B_n rather than L_n
    Gate gate{};          ///< what of a step's correction goes into the picture
    int width = 0;        ///< channels at the finest level, where the architecture leaves them open; 0: its own

    int frames() const { return 2 * window + 1; } ///< that a step sees
};

constexpr int kMaxWindow = 3;
constexpr int kMaxWidth = 256; ///< of NetworkConfig::width

/// Regions that an architecture may refine in a frame, if it does so.
constexpr int kDefaultPasses = 3;

using Metadata = std::map<std::string, std::string>;
using Shapes = std::map<std::string, std::vector<int64_t>>; ///< of tensors, by name

/// The configuration under its metadata keys: architecture, window, residual, gate, width.
Metadata config_to_metadata(const NetworkConfig &config);

/// @throws std::invalid_argument if a key is missing or its value makes no sense
NetworkConfig config_from_metadata(const Metadata &metadata);

} // namespace deblur
