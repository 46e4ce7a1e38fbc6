// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/engine_loader.h"

#include <dlfcn.h>

#include "base/error.h"
#include "library/location.h"

namespace deblur {

namespace {

struct Place {
    const char *variable, *file;
};

Place place_of(EngineKind kind) {
    switch (kind) {
    case EngineKind::Torch:
        return {"DEBLUR_ENGINE_TORCH", DEBLUR_ENGINES_FROM_LIBRARY "/engine-torch.so"};
    case EngineKind::Cuda:
        return {"DEBLUR_ENGINE_CUDA", DEBLUR_ENGINES_FROM_LIBRARY "/engine-cuda.so"};
    default:
        return {"DEBLUR_ENGINE", DEBLUR_ENGINES_FROM_LIBRARY "/engine-cpu.so"};
    }
}

} // namespace

std::string engine_path(EngineKind kind) {
    const Place place = place_of(kind);
    return locate(place.variable, place.file);
}

const deblur_engine_table &load_engine(EngineKind kind) {
    const std::string path = engine_path(kind);
    const auto fail = [&](const std::string &why) {
        throw Error(DEBLUR_NO_ENGINE, "engine '" + path + "': " + why + "; " + place_of(kind).variable +
                                          " sets the path");
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
