// Where this library was loaded from, and what was installed beside it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace deblur {

/// The value of an environment variable if it is set and not empty, else the path that lies at
/// relative to the directory of this library's file. In programs that have more rights than who starts them
/// (set-user-ID, capabilities), environment variables count as not set.
std::string locate(const char *variable, const char *relative);

} // namespace deblur
