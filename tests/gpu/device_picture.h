// Pictures in a GPU's memory, as a caller has them: in the primary CUDA context, or in one of its own.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

#include <libdeblur/deblur.h>

#include "cuda/driver.h"
#include "cuda/picture_layout.h"
#include "unit/picture/picture.h"

namespace deblur::test {

/// A context on a GPU; not the thread's current one.
class CudaContext {
  public:
    explicit CudaContext(int gpu = 0);
    ~CudaContext();
    CudaContext(const CudaContext &) = delete;
    CudaContext &operator=(const CudaContext &) = delete;

    CUcontext get() const { return context_; }

  private:
    CUcontext context_ = nullptr;
};

/// The samples of a picture in device memory, with other strides than on the host.
class DevicePicture {
  public:
    /// @param context that the memory belongs to
    DevicePicture(const deblur_format &format, Picture &source, CUcontext context);
    DevicePicture(DevicePicture &&other) noexcept;
    ~DevicePicture();

    deblur_frame frame_into(const DevicePicture &destination) const;
    deblur_frame frame_in_place() const { return frame_into(*this); }

    /// Into a picture of this format; its padding stays.
    void download(Picture &destination) const;

  private:
    cuda::PlaneSizes sizes_;
    CUcontext context_;
    std::array<CUdeviceptr, DEBLUR_MAX_PLANES> data_{};
};

} // namespace deblur::test
