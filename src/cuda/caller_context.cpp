// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/caller_context.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace deblur::cuda {

namespace {

// Makes a context the thread's current one for the length of a scope.
class Current {
  public:
    Current(const Driver &driver, CUcontext context) : driver_(driver) {
        driver_.check(driver_.push_context(context), "cuda_context");
    }
    ~Current() {
        CUcontext ignored = nullptr;
        driver_.pop_context(&ignored);
    }
    Current(const Current &) = delete;
    Current &operator=(const Current &) = delete;

  private:
    const Driver &driver_;
};

CUcontext retain_primary(const Driver &driver, int gpu) {
    CUcontext context = nullptr;
    driver.check(driver.retain_primary(&context, gpu), "primary context");
    return context;
}

CUdeviceptr address(const uint8_t *data) {
    return reinterpret_cast<CUdeviceptr>(data);
}

void copy(const Driver &driver, const PlaneSizes &sizes, const Planes &from, CUcontext from_context,
          const Planes &to, CUcontext to_context, CUstream stream) {
    for (int p = 0; p < kMaxPlanes; ++p) {
        if (sizes[p].rows == 0)
            continue;
        CUDA_MEMCPY3D_PEER copy{};
        copy.WidthInBytes = sizes[p].row_bytes;
        copy.Height = static_cast<size_t>(sizes[p].rows);
        copy.Depth = 1;
        copy.srcMemoryType = copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
        copy.srcContext = from_context;
        copy.dstContext = to_context;
        copy.srcDevice = address(from.data[p]);
        copy.dstDevice = address(to.data[p]);
        // A picture of one row may have any stride.
        copy.srcPitch = std::max(static_cast<size_t>(from.stride[p]), copy.WidthInBytes);
        copy.dstPitch = std::max(static_cast<size_t>(to.stride[p]), copy.WidthInBytes);
        copy.srcHeight = copy.dstHeight = copy.Height;
        driver.check(driver.copy_between_contexts(&copy, stream), "copy between CUDA contexts");
    }
}

} // namespace

CallerContext::CallerContext(const deblur_format &format, int gpu)
    : driver_(Driver::instance()), primary_(retain_primary(driver_, gpu), Release{gpu}),
      theirs_(format.cuda_context ? static_cast<CUcontext>(format.cuda_context) : primary_.get()),
      stream_(static_cast<CUstream>(format.cuda_stream)) {
    const Current current(driver_, theirs_);
    CUdevice device = 0;
    driver_.check(driver_.current_device(&device), "cuda_context");
    if (device != gpu)
        throw Error(DEBLUR_NO_DEVICE,
                    "the frames are in the memory of cuda:" + std::to_string(device) +
                        ", which device 'cuda:" + std::to_string(gpu) +
                        "' does not read: use device=cuda:" + std::to_string(device));
    CUevent event = nullptr;
    driver_.check(driver_.create_event(&event, CU_EVENT_DISABLE_TIMING), "event");
    event_.reset(event);
}

void CallerContext::hold_back(CUstream stream) const {
    {
        const Current current(driver_, theirs_);
        driver_.check(driver_.record_event(event_.get(), stream_), "cuda_stream");
    }
    driver_.check(driver_.wait_for_event(stream, event_.get(), CU_EVENT_WAIT_DEFAULT),
                  "cuda_stream");
}

void CallerContext::copy_from_caller(const PlaneSizes &sizes, const Planes &theirs,
                                     const Planes &ours, CUstream stream) const {
    copy(driver_, sizes, theirs, theirs_, ours, primary_.get(), stream);
}

void CallerContext::copy_to_caller(const PlaneSizes &sizes, const Planes &ours,
                                   const Planes &theirs, CUstream stream) const {
    copy(driver_, sizes, ours, primary_.get(), theirs, theirs_, stream);
}

} // namespace deblur::cuda
