// The NVIDIA driver's own API.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cuda.h>

namespace deblur::cuda {

/// What the CUDA runtime does not do: contexts other than the primary one.
struct Driver {
    decltype(&cuDevicePrimaryCtxRetain) retain_primary;
    decltype(&cuDevicePrimaryCtxRelease) release_primary;
    decltype(&cuCtxPushCurrent) push_context;
    decltype(&cuCtxPopCurrent) pop_context;
    decltype(&cuCtxGetDevice) current_device;
    decltype(&cuEventCreate) create_event;
    decltype(&cuEventDestroy) destroy_event;
    decltype(&cuEventRecord) record_event;
    decltype(&cuStreamWaitEvent) wait_for_event;
    decltype(&cuMemcpy3DPeerAsync) copy_between_contexts;

    /// @throws Error with DEBLUR_NO_DEVICE if no driver, or one that is too old, is installed
    static const Driver &instance();

    /// @param what was asked of the driver, for the message
    /// @throws Error if it did not succeed
    void check(CUresult result, const char *what) const;
};

} // namespace deblur::cuda
