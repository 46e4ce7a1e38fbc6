// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/torch_backend.h"

namespace deblur {

const Backend &module_backend() {
    return torch_backend();
}

} // namespace deblur
