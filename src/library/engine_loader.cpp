// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/engine_loader.h"

#include <string>

#include <dlfcn.h>

#include "base/error.h"
#include "library/location.h"

namespace deblur {

const deblur_engine_table &load_engine() {
    const std::string path = locate("DEBLUR_ENGINE", DEBLUR_ENGINE_FROM_LIBRARY);
    const auto fail = [&](const std::string &why) {
        throw Error(DEBLUR_NO_ENGINE,
                    "engine '" + path + "': " + why + "; DEBLUR_ENGINE sets the path");
    };
    // Opening a module that is loaded already only finds it.
    void *const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module)
        fail(std::string("cannot be loaded: ") + dlerror());
    const auto *const table =
        static_cast<const deblur_engine_table *>(dlsym(module, DEBLUR_ENGINE_SYMBOL));
    if (!table)
        fail("is not an engine of libdeblur");
    if (table->abi != DEBLUR_ENGINE_ABI)
        fail("has version " + std::to_string(table->abi) +
             " of the interface, this library needs " + std::to_string(DEBLUR_ENGINE_ABI));
    return *table;
}

} // namespace deblur
