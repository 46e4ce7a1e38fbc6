// Where clips come from.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "training/camera.h"

namespace deblur {

/// Makes clips by number.
class ClipSource {
  public:
    virtual ~ClipSource() = default;

    /// A pure function of the index, so that training resumes exactly. Called by several threads at once.
    virtual Clip clip(uint64_t index) const = 0;
};

} // namespace deblur
