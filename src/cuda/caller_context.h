// The CUDA context and stream of a caller whose frames are in a GPU's memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include <libdeblur/deblur.h>

#include "cuda/driver.h"
#include "cuda/picture_layout.h"

namespace deblur::cuda {

/// Ours is the GPU's primary context, which the CUDA runtime and LibTorch use. Streams and memory given here are of
/// that, unless the names say other. May change the thread's current context during a call only.
class CallerContext {
  public:
    /// @param format of frames in CUDA memory
    /// @param gpu where they are to be restored
    /// @throws Error with DEBLUR_NO_DEVICE if the frames are on another GPU, or their context is unknown
    CallerContext(const deblur_format &format, int gpu);

    /// Whether the caller's context is ours: then kernels use the caller's addresses.
    bool is_ours() const { return theirs_ == primary_.get(); }

    /// What comes on stream waits for what the caller has put on its own up to now.
    void hold_back(CUstream stream) const;

    /// Puts copies of all planes on stream.
    void copy_from_caller(const PlaneSizes &sizes, const Planes &theirs, const Planes &ours,
                          CUstream stream) const;
    void copy_to_caller(const PlaneSizes &sizes, const Planes &ours, const Planes &theirs,
                        CUstream stream) const;

  private:
    struct Release {
        int gpu;
        void operator()(CUcontext) const { Driver::instance().release_primary(gpu); }
    };
    struct Destroy {
        void operator()(CUevent event) const { Driver::instance().destroy_event(event); }
    };

    const Driver &driver_;
    std::unique_ptr<CUctx_st, Release> primary_;
    CUcontext theirs_;
    CUstream stream_;
    std::unique_ptr<CUevent_st, Destroy> event_;
};

} // namespace deblur::cuda
