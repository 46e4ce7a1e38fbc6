// What an implementation of a network's step is put together with, the same for every device.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "inference/inference_network.h"

namespace deblur {

/// A copy of the network's modules on the settings' device.
///
/// @param type of its parameters and activations
NetworkPtr converted(const Network &network, const InferenceSettings &settings, at::ScalarType type);

/// What a graph says nothing of, around what computes it: the network's perception, which is computed in type.
std::unique_ptr<InferenceNetwork> with_perception(std::unique_ptr<InferenceNetwork> graph, const Network &network,
                                                  const InferenceSettings &settings, at::ScalarType type);

/// What the settings ask for besides the network: a refiner, in type, and then the focus.
std::unique_ptr<InferenceNetwork> with_extras(std::unique_ptr<InferenceNetwork> made, const InferenceSettings &settings,
                                              at::ScalarType type);

} // namespace deblur
