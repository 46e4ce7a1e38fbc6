// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/driver.h"

#include <string>

#include <dlfcn.h>

#include "base/error.h"

namespace deblur::cuda {

namespace {

template <class Function> void find(void *library, const char *name, Function &function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (!function)
        throw Error(DEBLUR_NO_DEVICE, std::string("the NVIDIA driver has no ") + name);
}

// cuda.h renames functions that have changed: cuCtxPushCurrent is cuCtxPushCurrent_v2.
#define DEBLUR_NAME(function) #function
#define DEBLUR_FIND(function, member) find(library, DEBLUR_NAME(function), driver.member)

Driver load() {
    void *const library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        throw Error(DEBLUR_NO_DEVICE, "no NVIDIA driver is installed");
    Driver driver{};
    DEBLUR_FIND(cuGetErrorString, error_string);
    DEBLUR_FIND(cuDevicePrimaryCtxRetain, retain_primary);
    DEBLUR_FIND(cuDevicePrimaryCtxRelease, release_primary);
    DEBLUR_FIND(cuCtxPushCurrent, push_context);
    DEBLUR_FIND(cuCtxPopCurrent, pop_context);
    DEBLUR_FIND(cuCtxGetDevice, current_device);
    DEBLUR_FIND(cuEventCreate, create_event);
    DEBLUR_FIND(cuEventDestroy, destroy_event);
    DEBLUR_FIND(cuEventRecord, record_event);
    DEBLUR_FIND(cuStreamWaitEvent, wait_for_event);
    DEBLUR_FIND(cuMemcpy3DPeerAsync, copy_between_contexts);
    return driver;
}

} // namespace

const Driver &Driver::instance() {
    static const Driver driver = load();
    return driver;
}

void Driver::check(CUresult result, const char *what) const {
    if (result == CUDA_SUCCESS)
        return;
    const char *text = nullptr;
    error_string(result, &text);
    throw Error(result == CUDA_ERROR_OUT_OF_MEMORY ? DEBLUR_OUT_OF_MEMORY : DEBLUR_FAILURE,
                std::string(what) + ": the NVIDIA driver says: " +
                    (text ? text : "error " + std::to_string(result)));
}

} // namespace deblur::cuda
