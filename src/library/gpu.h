// Whether an NVIDIA GPU is at hand, asked of its driver alone.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace deblur {

struct Gpu {
    std::string name;     ///< of the first one, such as "NVIDIA H200"
    std::string obstacle; ///< why there is none; empty if there is one
};

/// Costs nothing where there is no driver; where there is one, far less than loading an engine. Makes no
/// context on the GPU.
Gpu find_gpu();

/// Which GPU, counting from 0, a CUcontext belongs to; 0 for NULL. To be asked where there is a GPU.
///
/// @throws Error with DEBLUR_NO_DEVICE if the driver does not know the context
int gpu_of_context(void *context);

} // namespace deblur
