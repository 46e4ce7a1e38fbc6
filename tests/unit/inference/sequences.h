// Networks and inputs for comparing implementations over sequences.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "inference/cpu/pipeline.h"
#include "inference/inference_network.h"
#include "torch/tensor_network.h"

namespace deblur::test {

/// The architectures that a graph describes completely.
std::vector<std::string> graph_architectures();

/// Freshly initialised biases are zero and the head is nearly so: here every parameter matters.
NetworkPtr lively_network(const NetworkConfig &config);

/// Windows of noise, none like the other.
std::vector<std::vector<torch::Tensor>> random_windows(const NetworkConfig &config, int64_t height,
                                                       int64_t width, int steps);

/// What the CPU's engine makes of a network. Blocking is of CpuNetwork.
std::unique_ptr<TensorNetwork> cpu_network(const Network &network, const TensorSettings &settings);
std::unique_ptr<TensorNetwork> cpu_network(const Network &network, const TensorSettings &settings, cpu::Blocking blocking);

/// Settings without a device.
InferenceSettings to_inference_settings(const TensorSettings &settings);

/// The corrections of all steps.
std::vector<torch::Tensor> run(TensorNetwork &network,
                               const std::vector<std::vector<torch::Tensor>> &windows);

} // namespace deblur::test
