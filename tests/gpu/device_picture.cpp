// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gpu/device_picture.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "base/driver_library.h"

namespace deblur::test {

namespace {

// By their names in libcuda.so.1, some of which cuda.h hides behind those of later versions.
template <class... Arguments> void call(const char *name, Arguments... arguments) {
    static const DriverLibrary library;
    int (*function)(Arguments...) = nullptr;
    if (!library.find(name, function))
        throw std::runtime_error(std::string("no ") + name);
    if (const int error = function(arguments...))
        throw std::runtime_error(std::string(name) + ": " + library.text_of(error));
}

class Current {
  public:
    explicit Current(CUcontext context) { call("cuCtxPushCurrent_v2", context); }
    ~Current() {
        CUcontext ignored = nullptr;
        call("cuCtxPopCurrent_v2", &ignored);
    }
};

size_t pitch_of(const cuda::PlaneSize &size) {
    return (size.row_bytes / 256 + 2) * 256;
}

} // namespace

CudaContext::CudaContext(int gpu) {
    CUcontext made = nullptr;
    call("cuInit", 0u);
    call("cuCtxCreate_v2", &context_, 0u, gpu);
    call("cuCtxPopCurrent_v2", &made);
}

CudaContext::~CudaContext() {
    call("cuCtxDestroy_v2", context_);
}

DevicePicture::DevicePicture(const deblur_format &format, Picture &source, CUcontext context)
    : sizes_(cuda::plane_sizes(cuda::picture_layout(format))), context_(context) {
    const Current current(context_);
    const deblur_frame host = source.frame_in_place();
    for (size_t p = 0; p < data_.size(); ++p) {
        if (sizes_[p].rows == 0)
            continue;
        call("cuMemAlloc_v2", &data_[p], pitch_of(sizes_[p]) * static_cast<size_t>(sizes_[p].rows));
        CUDA_MEMCPY2D copy{};
        copy.srcMemoryType = CU_MEMORYTYPE_HOST;
        copy.srcHost = host.src[p];
        copy.srcPitch = static_cast<size_t>(host.src_stride[p]);
        copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
        copy.dstDevice = data_[p];
        copy.dstPitch = pitch_of(sizes_[p]);
        copy.WidthInBytes = sizes_[p].row_bytes;
        copy.Height = static_cast<size_t>(sizes_[p].rows);
        call("cuMemcpy2D_v2", &copy);
    }
}

DevicePicture::DevicePicture(DevicePicture &&other) noexcept
    : sizes_(other.sizes_), context_(other.context_), data_(std::exchange(other.data_, {})) {}

DevicePicture::~DevicePicture() {
    const Current current(context_);
    for (const CUdeviceptr data : data_)
        if (data)
            call("cuMemFree_v2", data);
}

deblur_frame DevicePicture::frame_into(const DevicePicture &destination) const {
    deblur_frame frame{};
    frame.struct_size = sizeof frame;
    frame.strength = 1;
    for (size_t p = 0; p < data_.size(); ++p) {
        frame.src[p] = reinterpret_cast<const void *>(data_[p]);
        frame.dst[p] = reinterpret_cast<void *>(destination.data_[p]);
        frame.src_stride[p] = frame.dst_stride[p] = static_cast<ptrdiff_t>(pitch_of(sizes_[p]));
    }
    return frame;
}

void DevicePicture::download(Picture &destination) const {
    const Current current(context_);
    const deblur_frame host = destination.frame_in_place();
    for (size_t p = 0; p < data_.size(); ++p) {
        if (sizes_[p].rows == 0)
            continue;
        CUDA_MEMCPY2D copy{};
        copy.srcMemoryType = CU_MEMORYTYPE_DEVICE;
        copy.srcDevice = data_[p];
        copy.srcPitch = pitch_of(sizes_[p]);
        copy.dstMemoryType = CU_MEMORYTYPE_HOST;
        copy.dstHost = host.dst[p];
        copy.dstPitch = static_cast<size_t>(host.dst_stride[p]);
        copy.WidthInBytes = sizes_[p].row_bytes;
        copy.Height = static_cast<size_t>(sizes_[p].rows);
        call("cuMemcpy2D_v2", &copy);
    }
}

} // namespace deblur::test
