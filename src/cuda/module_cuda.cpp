// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/cuda_backend.h"

namespace deblur {

const Backend &module_backend() {
    return cuda::cuda_backend();
}

} // namespace deblur
