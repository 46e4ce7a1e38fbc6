// A network that can be computed: its configuration and its parameters.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "network/architecture.h"

namespace deblur {

/// A parameter in float32, the last dimension innermost.
struct Parameter {
    std::vector<int64_t> shape;
    std::vector<float> values;
};

struct Model {
    NetworkConfig config;
    Architecture architecture; ///< describe(config)
    std::map<std::string, Parameter> parameters; ///< those of architecture.shapes
};

using ModelPtr = std::shared_ptr<const Model>;

} // namespace deblur
