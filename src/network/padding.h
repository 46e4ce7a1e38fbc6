// Frame sizes are multiples of nothing; networks need multiples of two or more.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

#include "base/reflection.h"

namespace deblur {

/// Extends N x C x H x W on the right and below to multiples of multiple, by reflection; sides too
/// short to reflect are repeated.
torch::Tensor pad_to_multiple(torch::Tensor x, int64_t multiple);

/// The upper left height x width of x: undoes pad_to_multiple().
torch::Tensor crop(const torch::Tensor &x, int64_t height, int64_t width);

} // namespace deblur
