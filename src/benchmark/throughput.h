// How many frames a second come through the library, from and into host memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace deblur {

struct ThroughputCase {
    std::string model; ///< one that is shipped
    int width, height;
    std::string device, precision; ///< as the library takes them
    int streams;                   ///< contexts at the same time, each in a thread of its own
    int threads;                   ///< of each, on the CPU
};

/// Sends NV12 frames through contexts of the library and takes the time from when all have restored one to
/// when the last is done.
///
/// @param frames of each stream
/// @return frames per second of all streams together
/// @throws std::runtime_error with the library's message
double measure_throughput(const ThroughputCase &what, int frames);

} // namespace deblur
