// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/grid.h"
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

// change is correct_sample() or show_sample().
template <auto change>
__global__ void change_samples(PictureLayout layout, int component, Planes from, Planes to, const float *values,
                               float strength, const bool *is_finite) {
    const Component &c = layout.component[component];
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < c.across.samples && y < c.down.samples && *is_finite)
        change(layout, component, from, to, x, y, values, strength);
}

template <auto change>
void change_picture(const PictureLayout &layout, const Planes &from, const Planes &to, const float *values,
                    float strength, const bool *is_finite, cudaStream_t stream) {
    for (int c = 0; c < layout.components; ++c) {
        const Component &component = layout.component[c];
        launch(change_samples<change>, blocks(component.across.samples, component.down.samples), kBlock, stream, layout, c,
               from, to, values, strength, is_finite);
    }
}

} // namespace

void read_picture(const PictureLayout &layout, const Planes &planes, float *rgb,
                  cudaStream_t stream) {
    launch(read_pixels, blocks(layout.width, layout.height), kBlock, stream, layout, planes, rgb);
}

void correct_picture(const PictureLayout &layout, const Planes &from, const Planes &to,
                     const float *correction, float strength, const bool *is_finite,
                     cudaStream_t stream) {
    change_picture<correct_sample>(layout, from, to, correction, strength, is_finite, stream);
}

void show_picture(const PictureLayout &layout, const Planes &from, const Planes &to, const float *map,
                  float strength, const bool *is_finite, cudaStream_t stream) {
    change_picture<show_sample>(layout, from, to, map, strength, is_finite, stream);
}

} // namespace deblur::cuda
