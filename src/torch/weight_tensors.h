// Between the plain memory of a weight file and LibTorch's tensors.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/parameters.h"
#include "weights/weights.h"

namespace deblur {

/// The tensors of a file, in the file's types; they own their memory.
TensorMap to_tensors(const WeightFile &file);

/// Copies float32, float16, bfloat16 or int64 tensors, wherever they are.
///
/// @throws WeightFileError naming a tensor of another type
WeightFile to_weight_file(const Metadata &metadata, const TensorMap &tensors);

} // namespace deblur
