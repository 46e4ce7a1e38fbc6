// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/driver.h"

#include <string>

#include "base/driver_library.h"
#include "base/error.h"

namespace deblur::cuda {

namespace {

template <class Function>
void find(const DriverLibrary &library, const char *name, Function &function) {
    if (!library.find(name, function))
        throw Error(DEBLUR_NO_DEVICE, std::string("the NVIDIA driver has no ") + name);
}

// A macro of cuda.h gives each function the name that it has in the library.
#define DEBLUR_NAME(function) #function
#define DEBLUR_FIND(function, member) find(library, DEBLUR_NAME(function), driver.member)

Driver load() {
    const DriverLibrary library;
    if (!library.is_installed())
        throw Error(DEBLUR_NO_DEVICE, "no NVIDIA driver is installed");
    Driver driver{};
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
    throw Error(result == CUDA_ERROR_OUT_OF_MEMORY ? DEBLUR_OUT_OF_MEMORY : DEBLUR_FAILURE,
                std::string(what) + ": " + DriverLibrary().text_of(result));
}

} // namespace deblur::cuda
