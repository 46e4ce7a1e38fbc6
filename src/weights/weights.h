// What a weight file holds, as plain memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace deblur {

enum class Dtype { F32, F16, BF16, I64 };

size_t element_size(Dtype dtype); ///< bytes
const char *name_of(Dtype dtype); ///< as in safetensors' headers: "F32"

/// One named array.
struct WeightTensor {
    Dtype dtype = Dtype::F32;
    std::vector<int64_t> shape; ///< extents, outermost first; empty for a scalar
    std::vector<char> bytes;    ///< the elements, the last dimension innermost, little-endian

    int64_t elements() const; ///< the product of the shape
};

using Metadata = std::map<std::string, std::string>;

struct WeightFile {
    Metadata metadata; ///< the header's __metadata__
    std::map<std::string, WeightTensor> tensors;
};

/// The file cannot be read or written, or is not what it says it is. The message names the file and the cause.
class WeightFileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The elements of a floating-point tensor as float32.
///
/// @throws std::invalid_argument if the tensor has integers
std::vector<float> to_floats(const WeightTensor &tensor);

} // namespace deblur
