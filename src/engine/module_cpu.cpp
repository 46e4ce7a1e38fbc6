// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/backend.h"

namespace deblur {

const Backend &module_backend() {
    return cpu_backend();
}

} // namespace deblur
