// What an implementation of a network's step is put together with, the same for every device.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "torch/tensor_network.h"

namespace deblur {

/// A copy of the network's modules where and in what type the settings say (which LibTorch must compute: no kChar).
NetworkPtr converted(const Network &network, const TensorSettings &settings);

/// What a graph says nothing of, around what computes it: the network's perception.
///
/// @param settings of the perception
std::unique_ptr<TensorNetwork> with_perception(std::unique_ptr<TensorNetwork> graph, const Network &network,
                                                  const TensorSettings &settings);

/// What the settings ask for besides the network: a refiner, and then the focus.
///
/// @param settings of the refiner
std::unique_ptr<TensorNetwork> with_extras(std::unique_ptr<TensorNetwork> made,
                                              const TensorSettings &settings);

} // namespace deblur
