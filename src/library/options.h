// deblur_options: defaults and checks.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libdeblur/deblur.h>

namespace deblur {

deblur_options default_options();

/// Checks everything that can be checked without a catalogue, an engine or a device.
///
/// @return the options with every field of this version; device is never NULL
/// @throws Error with DEBLUR_INVALID_ARGUMENT, naming the value and what is valid
deblur_options check_options(const deblur_options *given);

} // namespace deblur
