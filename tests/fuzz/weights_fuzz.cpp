// Any bytes as a weight file: read, or refused with WeightFileError or std::invalid_argument.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "network/parameters.h"
#include "network/registry.h"
#include "weights/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try {
        const auto file =
            deblur::parse_safetensors(reinterpret_cast<const char *>(data), size, "fuzz");
        const auto network = deblur::make_network(deblur::config_from_metadata(file.metadata));
        deblur::load_parameters(*network, file.tensors);
    } catch (const deblur::WeightFileError &) {
    } catch (const std::invalid_argument &) {
    }
    return 0;
}
