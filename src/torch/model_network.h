// Between plain models and modules.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/placement.h"
#include "network/model.h"
#include "network/network.h"
#include "torch/tensor_network.h"

namespace deblur {

/// The module with a model's parameters, on the CPU and in float32.
NetworkPtr to_network(const Model &model);

/// A copy of a module's configuration and parameters.
Model to_model(const Network &network);

at::ScalarType to_type(Precision precision); ///< kChar for Int8

/// The settings for tensors on a device, with the refiner as a module.
TensorSettings to_tensor_settings(const InferenceSettings &settings, at::Device device);

} // namespace deblur
