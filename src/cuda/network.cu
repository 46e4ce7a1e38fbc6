// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/kernels.h"

#include <stdexcept>

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "cuda/blending.h"
#include "cuda/launch.h"

namespace deblur::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kVector = 8; // values that one thread takes

unsigned blocks(size_t count) {
    return static_cast<unsigned>((count + kThreads - 1) / kThreads);
}

template <class T> struct alignas(16) Vector {
    T values[kVector];
};

__device__ float to_float(float value) {
    return value;
}
__device__ float to_float(__half value) {
    return __half2float(value);
}
__device__ float to_float(__nv_bfloat16 value) {
    return __bfloat162float(value);
}

template <class T> __device__ T from_float(float value);
template <> __device__ float from_float<float>(float value) {
    return value;
}
template <> __device__ __half from_float<__half>(float value) {
    return __float2half_rn(value);
}
template <> __device__ __nv_bfloat16 from_float<__nv_bfloat16>(float value) {
    return __float2bfloat16_rn(value);
}

template <class T>
__global__ void blend_values(const Vector<T> *difference, const float *beta, const float *fresh,
                             const Vector<T> *current, const Vector<T> *previous, Vector<T> *out,
                             size_t count) {
    const size_t at = size_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (at >= count)
        return;
    const float floor = larger(between(0.0f, *beta, 1.0f), *fresh);
    const Vector<T> d = difference[at], c = current[at], p = previous[at];
    Vector<T> result;
    for (int i = 0; i < kVector; ++i)
        result.values[i] = from_float<T>(blended(to_float(d.values[i]), floor, to_float(c.values[i]),
                                                 to_float(p.values[i])));
    out[at] = result;
}

// A thread makes one position's channels, which lie side by side.
template <class T> __global__ void pack(WindowLayout layout, Frames frames, T *out) {
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
    if (x >= layout.out_width)
        return;
    T *const position = out + (ptrdiff_t{y} * layout.out_width + x) * layout.channels;
    for (int channel = 0; channel < layout.channels; ++channel)
        position[channel] = from_float<T>(window_value(layout, frames, y, x, channel));
}

// Calls body with a value of the element's type.
template <class Body> void with_type(Element element, const Body &body) {
    switch (element) {
    case Element::Float32:
        return body(float{});
    case Element::Float16:
        return body(__half{});
    case Element::BFloat16:
        return body(__nv_bfloat16{});
    }
}

} // namespace

void pack_window(const WindowLayout &layout, const Frames &frames, Element element, void *out,
                 cudaStream_t stream) {
    const dim3 grid(blocks(layout.out_width), layout.out_height);
    with_type(element, [&](auto value) {
        using T = decltype(value);
        launch(pack<T>, grid, kThreads, stream, layout, frames, static_cast<T *>(out));
    });
}

void blend(Element element, const void *difference, const float *beta, const float *fresh,
           const void *current, const void *previous, void *out, size_t count, cudaStream_t stream) {
    if (count % kVector != 0)
        throw std::invalid_argument("blend takes multiples of 8 values");
    const size_t vectors = count / kVector;
    with_type(element, [&](auto value) {
        using T = decltype(value);
        using V = Vector<T>;
        launch(blend_values<T>, blocks(vectors), kThreads, stream, static_cast<const V *>(difference), beta, fresh,
               static_cast<const V *>(current), static_cast<const V *>(previous), static_cast<V *>(out), vectors);
    });
}

} // namespace deblur::cuda
