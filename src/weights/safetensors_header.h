// The JSON header of a safetensors file.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "weights/weights.h"

namespace deblur {

/// Where the bytes of a tensor are, counted from the end of the header.
struct ByteSpan {
    uint64_t begin = 0, end = 0;
};

struct SafetensorsHeader {
    WeightFile file;                       ///< tensors without bytes
    std::map<std::string, ByteSpan> spans; ///< of each of the tensors
};

constexpr uint64_t kMaxHeaderSize = 4 << 20; ///< bytes

/// Reads and checks a header in one pass: no more is kept of it than it means.
///
/// @param payload bytes behind the header; the tensors have to cover them without overlap or gap
/// @throws WeightFileError without the file's name
SafetensorsHeader parse_header(std::string_view text, uint64_t payload);

/// The header of a file, padded to a multiple of 8 bytes, with tensors one after the other in the order of names.
std::string format_header(const WeightFile &file);

} // namespace deblur
