// Any text as models/index.json: a catalogue in which models are found or not, or an Error.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "library/catalogue.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try {
        const deblur::Catalogue catalogue(std::string(reinterpret_cast<const char *>(data), size),
                                          "/models");
        for (const auto &entry : catalogue.entries()) {
            if (entry.path.rfind("/models/", 0) != 0 ||
                entry.path.find("/../") != std::string::npos)
                std::abort();
            if (catalogue.find(entry.name.c_str(), entry.window).window != entry.window)
                std::abort();
        }
        catalogue.find(nullptr, -1);
    } catch (const deblur::Error &) {
    }
    return 0;
}
