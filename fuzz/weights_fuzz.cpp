// Any bytes as a weight file: read, or refused with WeightFileError.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "weights/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try {
        const auto file =
            deblur::parse_safetensors(reinterpret_cast<const char *>(data), size, "fuzz");
        for (const auto &[name, tensor] : file.tensors)
            if (tensor.dtype != deblur::Dtype::I64 &&
                deblur::to_floats(tensor).size() != static_cast<size_t>(tensor.elements()))
                std::abort();
    } catch (const deblur::WeightFileError &error) {
        if (std::strlen(error.what()) > 500 || std::strchr(error.what(), '\n'))
            std::abort();
    }
    return 0;
}
