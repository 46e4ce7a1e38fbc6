// Networks and inputs for comparing implementations over sequences.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "inference/inference_network.h"

namespace deblur::test {

/// The architectures that a graph describes completely.
std::vector<std::string> graph_architectures();

/// Freshly initialised biases are zero and the head is nearly so: here every parameter matters.
NetworkPtr lively_network(const NetworkConfig &config);

/// Windows of noise, none like the other.
std::vector<std::vector<torch::Tensor>> random_windows(const NetworkConfig &config, int64_t height,
                                                       int64_t width, int steps);

/// The corrections of all steps.
std::vector<torch::Tensor> run(InferenceNetwork &network,
                               const std::vector<std::vector<torch::Tensor>> &windows);

} // namespace deblur::test
