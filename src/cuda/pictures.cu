// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/kernels.h"
#include "cuda/launch.h"

namespace deblur::cuda {

namespace {

__global__ void read_pixels(PictureLayout layout, Planes planes, float *rgb) {
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= layout.width || y >= layout.height)
        return;
    float pixel[3];
    read_pixel(layout, planes, x, y, pixel);
    const ptrdiff_t plane = ptrdiff_t{layout.width} * layout.height;
    float *const out = rgb + ptrdiff_t{y} * layout.width + x;
    for (int k = 0; k < 3; ++k)
        out[k * plane] = pixel[k];
}

__global__ void correct_samples(PictureLayout layout, int component, Planes from, Planes to,
                                const float *correction, float strength, const bool *is_finite) {
    const Component &c = layout.component[component];
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < c.across.samples && y < c.down.samples && *is_finite)
        correct_sample(layout, component, from, to, x, y, correction, strength);
}

__global__ void show_samples(PictureLayout layout, int component, Planes from, Planes to, const float *map,
                             float strength, const bool *is_finite) {
    const Component &c = layout.component[component];
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < c.across.samples && y < c.down.samples && *is_finite)
        show_sample(layout, component, from, to, x, y, map, strength);
}

} // namespace

void read_picture(const PictureLayout &layout, const Planes &planes, float *rgb,
                  cudaStream_t stream) {
    read_pixels<<<blocks(layout.width, layout.height), kBlock, 0, stream>>>(layout, planes, rgb);
}

void correct_picture(const PictureLayout &layout, const Planes &from, const Planes &to,
                     const float *correction, float strength, const bool *is_finite,
                     cudaStream_t stream) {
    for (int c = 0; c < layout.components; ++c) {
        const Component &component = layout.component[c];
        correct_samples<<<blocks(component.across.samples, component.down.samples), kBlock, 0,
                          stream>>>(layout, c, from, to, correction, strength, is_finite);
    }
}

void show_picture(const PictureLayout &layout, const Planes &from, const Planes &to, const float *map,
                  float strength, const bool *is_finite, cudaStream_t stream) {
    for (int c = 0; c < layout.components; ++c) {
        const Component &component = layout.component[c];
        show_samples<<<blocks(component.across.samples, component.down.samples), kBlock, 0, stream>>>(
            layout, c, from, to, map, strength, is_finite);
    }
}

} // namespace deblur::cuda
