// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/gpu.h"

#include "base/driver_library.h"
#include "base/error.h"

namespace deblur {

namespace {

// The part of the driver's API that is used here, declared as in cuda.h, so that nobody needs the CUDA
// toolkit to build libdeblur.
struct Driver {
    int (*init)(unsigned flags);
    int (*device_count)(int *count);
    int (*device_name)(char *name, int size, int device);
    int (*push_context)(void *context);
    int (*pop_context)(void **context);
    int (*current_device)(int *device);
};

bool load(const DriverLibrary &library, Driver &driver) {
    return library.find("cuInit", driver.init) &&
           library.find("cuDeviceGetCount", driver.device_count) &&
           library.find("cuDeviceGetName", driver.device_name) &&
           library.find("cuCtxPushCurrent_v2", driver.push_context) &&
           library.find("cuCtxPopCurrent_v2", driver.pop_context) &&
           library.find("cuCtxGetDevice", driver.current_device);
}

} // namespace

Gpu find_gpu() {
    const DriverLibrary library;
    Driver driver{};
    if (!load(library, driver))
        return {"", "no NVIDIA driver is installed"};
    int count = 0, error = driver.init(0);
    if (error == 0)
        error = driver.device_count(&count);
    if (error != 0)
        return {"", library.text_of(error)};
    if (count == 0)
        return {"", "the NVIDIA driver sees no GPU"};
    char name[128] = "";
    driver.device_name(name, sizeof name, 0);
    return {name, ""};
}

int gpu_of_context(void *context) {
    const DriverLibrary library;
    Driver driver{};
    int device = 0;
    if (!context || !load(library, driver))
        return device;
    int error = driver.push_context(context);
    if (error == 0) {
        error = driver.current_device(&device);
        driver.pop_context(&context);
    }
    if (error != 0)
        throw Error(DEBLUR_NO_DEVICE, "cuda_context is not usable: " + library.text_of(error));
    return device;
}

} // namespace deblur
