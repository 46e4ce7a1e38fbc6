// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/gpu.h"

#include <dlfcn.h>

namespace deblur {

namespace {

// The part of the driver's API that is used here, declared as in cuda.h, so that nobody needs the CUDA
// toolkit to build libdeblur.
struct Driver {
    int (*init)(unsigned flags);
    int (*error_string)(int error, const char **text);
    int (*device_count)(int *count);
    int (*device_name)(char *name, int size, int device);
};

template <class Function> bool find(void *library, const char *name, Function &function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

bool load(Driver &driver) {
    void *const library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    return library && find(library, "cuInit", driver.init) &&
           find(library, "cuGetErrorString", driver.error_string) &&
           find(library, "cuDeviceGetCount", driver.device_count) &&
           find(library, "cuDeviceGetName", driver.device_name);
}

} // namespace

Gpu find_gpu() {
    Driver driver{};
    if (!load(driver))
        return {"", "no NVIDIA driver is installed"};
    int count = 0, error = driver.init(0);
    if (error == 0)
        error = driver.device_count(&count);
    if (error != 0) {
        const char *text = nullptr;
        driver.error_string(error, &text);
        return {"", std::string("the NVIDIA driver says: ") +
                        (text ? text : "error " + std::to_string(error))};
    }
    if (count == 0)
        return {"", "the NVIDIA driver sees no GPU"};
    char name[128] = "";
    driver.device_name(name, sizeof name, 0);
    return {name, ""};
}

} // namespace deblur
