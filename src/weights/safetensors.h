// The safetensors container: an 8-byte length, a JSON header, raw little-endian tensors. It cannot
// carry code, can be mapped, and every framework reads it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include <torch/types.h>

namespace deblur {

struct WeightFile {
    std::map<std::string, std::string> metadata; ///< the header's __metadata__
    std::map<std::string, torch::Tensor> tensors;
};

/// The file cannot be read, or is not what it says it is. The message names the file and the cause.
class WeightFileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Reads and checks a file: header size, JSON, dtypes, shapes, offsets (in range, without overlap
/// or gap). The tensors own their memory.
///
/// @throws WeightFileError
WeightFile read_safetensors(const std::string &path);

/// The same for the contents of a file; name stands in messages.
WeightFile parse_safetensors(const char *data, size_t size, const std::string &name);

/// Writes float32, float16, bfloat16 or int64 tensors under a temporary name, then renames: path
/// holds either its old or its new contents, whatever happens in between.
///
/// @throws WeightFileError
void write_safetensors(const std::string &path, const WeightFile &file);

} // namespace deblur
