// deblur_format and deblur_frame: defaults and checks.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <libdeblur/deblur.h>

namespace deblur {

/// Checks the size of pictures, or of what the network works on: beyond the limits, memory rather than time is
/// what lacks, and no camera makes lines of a few pixels.
///
/// @param prefix,note what to say before and after the name of the value and what is valid
/// @throws Error with DEBLUR_INVALID_ARGUMENT
void check_size(int width, int height, const std::string &prefix = "",
                const std::string &note = "");

deblur_format default_format();
deblur_frame default_frame();

/// @return the format with every field of this version
/// @throws Error with DEBLUR_INVALID_ARGUMENT, naming the value and what is valid
deblur_format check_format(const deblur_format *given);

/// Checks a frame's planes against a checked format.
///
/// @return the frame with every field of this version
/// @throws Error with DEBLUR_INVALID_ARGUMENT, naming the value and what is valid
deblur_frame check_frame(const deblur_frame *given, const deblur_format &format);

} // namespace deblur
