// The backend of the engine for NVIDIA GPUs.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/backend.h"

namespace deblur::cuda {

/// GPUs from compute capability 7.5 on. auto precision is fp16.
const Backend &cuda_backend();

} // namespace deblur::cuda
