// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/gpu.h"

#include <dlfcn.h>

#include "base/error.h"

namespace deblur {

namespace {

// The part of the driver's API that is used here, declared as in cuda.h, so that nobody needs the CUDA
// toolkit to build libdeblur.
struct Driver {
    int (*init)(unsigned flags);
    int (*error_string)(int error, const char **text);
    int (*device_count)(int *count);
    int (*device_name)(char *name, int size, int device);
    int (*push_context)(void *context);
    int (*pop_context)(void **context);
    int (*current_device)(int *device);
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
           find(library, "cuDeviceGetName", driver.device_name) &&
           find(library, "cuCtxPushCurrent_v2", driver.push_context) &&
           find(library, "cuCtxPopCurrent_v2", driver.pop_context) &&
           find(library, "cuCtxGetDevice", driver.current_device);
}

std::string text_of(const Driver &driver, int error) {
    const char *text = nullptr;
    driver.error_string(error, &text);
    return std::string("the NVIDIA driver says: ") +
           (text ? text : "error " + std::to_string(error));
}

} // namespace

Gpu find_gpu() {
    Driver driver{};
    if (!load(driver))
        return {"", "no NVIDIA driver is installed"};
    int count = 0, error = driver.init(0);
    if (error == 0)
        error = driver.device_count(&count);
    if (error != 0)
        return {"", text_of(driver, error)};
    if (count == 0)
        return {"", "the NVIDIA driver sees no GPU"};
    char name[128] = "";
    driver.device_name(name, sizeof name, 0);
    return {name, ""};
}

int gpu_of_context(void *context) {
    Driver driver{};
    int device = 0;
    if (!context || !load(driver))
        return device;
    int error = driver.push_context(context);
    if (error == 0) {
        error = driver.current_device(&device);
        driver.pop_context(&context);
    }
    if (error != 0)
        throw Error(DEBLUR_NO_DEVICE, "cuda_context is not usable: " + text_of(driver, error));
    return device;
}

} // namespace deblur
