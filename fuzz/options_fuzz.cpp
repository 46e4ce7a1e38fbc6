// Any bytes as options, with a device and a model of any characters.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/error.h"
#include "library/options.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    deblur_options options{};
    const size_t taken = std::min(size, sizeof options);
    std::memcpy(static_cast<void *>(&options), data, taken);
    if (size % 2 == 0) // else most are refused for their size alone
        options.struct_size = sizeof options;
    const std::string text(reinterpret_cast<const char *>(data) + taken, size - taken);
    // Pointers are the caller's to get right.
    options.model = options.device = text.c_str();
    options.weights = options.refiner = nullptr;
    options.log = nullptr;
    try {
        deblur::check_options(&options);
    } catch (const deblur::Error &) {
    }
    return 0;
}
