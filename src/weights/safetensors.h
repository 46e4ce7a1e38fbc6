// The safetensors container: an 8-byte length, a JSON header, raw little-endian tensors. It cannot
// carry code, can be mapped, and every framework reads it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>

#include "weights/weights.h"

namespace deblur {

/// Looks at a file whose header was read: metadata, names, types and shapes, but no bytes yet. Throws what the caller
/// of read_safetensors() is to get, if the file is not what is wanted.
using WeightCheck = std::function<void(const WeightFile &)>;

/// Reads and checks a file: the header's size against the file's, then JSON, dtypes, shapes, offsets (in range, without
/// overlap or gap); only then what the header names. What safetensors 0.8 refuses is refused, and besides: names that
/// are there twice, other dtypes than F32, F16, BF16 and I64, more than 8 dimensions, headers of more than 4 MiB.
///
/// @param path of a regular file
/// @param check called before memory is taken for the tensors
/// @param sha256 of the whole file, 64 hexadecimal digits, compared with what was read; empty: not known
/// @throws WeightFileError, and what check throws
WeightFile read_safetensors(const std::string &path, const WeightCheck &check = {},
                            const std::string &sha256 = "");

/// The same for the contents of a file; name stands in messages.
WeightFile parse_safetensors(const char *data, size_t size, const std::string &name,
                             const WeightCheck &check = {});

/// Writes under a temporary name, flushes, then renames: path holds either its old or its new contents, whatever
/// happens in between, and nothing else is left behind.
///
/// @throws WeightFileError
void write_safetensors(const std::string &path, const WeightFile &file);

} // namespace deblur
