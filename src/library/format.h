// deblur_format and deblur_frame: defaults and checks.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include <libdeblur/deblur.h>

namespace deblur {

/// Of pictures and of what the network works on: beyond them, memory rather than time is the limit.
constexpr int kMaxSide = 16384;
constexpr int64_t kMaxPixels = int64_t{1} << 26;

deblur_format default_format();

/// @return the format with every field of this version
/// @throws Error with DEBLUR_INVALID_ARGUMENT, naming the value and what is valid
deblur_format check_format(const deblur_format *given);

/// Checks a frame's planes against a checked format.
///
/// @return the frame with every field of this version
/// @throws Error with DEBLUR_INVALID_ARGUMENT, naming the value and what is valid
deblur_frame check_frame(const deblur_frame *given, const deblur_format &format);

} // namespace deblur
