// Any bytes as the weight file of a network: loaded, or refused with WeightFileError or std::invalid_argument.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "torch/network_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try {
        deblur::network_of(
            deblur::parse_network_file(reinterpret_cast<const char *>(data), size, "fuzz"));
    } catch (const deblur::WeightFileError &) {
    } catch (const std::invalid_argument &) {
    }
    return 0;
}
