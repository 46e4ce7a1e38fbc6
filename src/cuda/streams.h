// The CUDA streams of one restoration, so that reading, computing and writing overlap.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <c10/cuda/CUDAStream.h>

namespace deblur::cuda {

struct Streams {
    explicit Streams(c10::DeviceIndex device)
        : reading(c10::cuda::getStreamFromPool(/*isHighPriority=*/true, device)),
          ahead(c10::cuda::getStreamFromPool(false, device)),
          computing(c10::cuda::getStreamFromPool(false, device)),
          writing(c10::cuda::getStreamFromPool(true, device)) {}

    void synchronize() const {
        for (const auto &stream : {reading, ahead, computing, writing})
            stream.synchronize();
    }

    c10::cuda::CUDAStream reading;   ///< uploads, pictures to tensors, scene cuts; the thread's current stream
    c10::cuda::CUDAStream ahead;     ///< what of a step does not depend on the past
    c10::cuda::CUDAStream computing; ///< the rest of it, and corrections into the pictures
    c10::cuda::CUDAStream writing;   ///< downloads
};

} // namespace deblur::cuda
