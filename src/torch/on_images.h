// Restorations in tensors for the engine, which knows images; and the other way round, for those who compare.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "inference/inference_network.h"
#include "torch/tensor_network.h"

namespace deblur {

/// Every step in LibTorch's inference mode.
std::unique_ptr<InferenceNetwork> on_images(std::unique_ptr<TensorNetwork> network);

/// The result is a copy.
std::unique_ptr<TensorNetwork> on_tensors(std::unique_ptr<InferenceNetwork> network);

} // namespace deblur
