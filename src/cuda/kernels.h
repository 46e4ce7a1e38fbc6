// The kernels, as functions that put them on a stream (launch.h tells what they throw). Plain pointers to device memory;
// LibTorch is not needed to compile them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include <cuda_runtime_api.h>

#include "cuda/gating.h"
#include "cuda/samples.h"
#include "cuda/windowing.h"

namespace deblur::cuda {

/// How the network's maps store a value.
enum class Element { Float32, Float16, BFloat16 };

/// Planes to 3 x height x width of float32, RGB in [0,1].
void read_picture(const PictureLayout &layout, const Planes &planes, float *rgb, cudaStream_t stream);

/// to = from + strength * correction, in the samples of the format; nothing if *is_finite is false.
/// from and to may be the same.
void correct_picture(const PictureLayout &layout, const Planes &from, const Planes &to,
                     const float *correction, float strength, const bool *is_finite,
                     cudaStream_t stream);

/// The same towards a gray picture of a map, height x width in [0,1].
void show_picture(const PictureLayout &layout, const Planes &from, const Planes &to, const float *map,
                  float strength, const bool *is_finite, cudaStream_t stream);

/// A window to out_height x out_width x channels.
void pack_window(const WindowLayout &layout, const Frames &frames, Element element, void *out,
                 cudaStream_t stream);

/// blended() over count values. beta and fresh are one float32 each, in device memory; the larger counts.
///
/// @param count a multiple of 8, pointers to multiples of 16 bytes
void blend(Element element, const void *difference, const float *beta, const float *fresh,
           const void *current, const void *previous, void *out, size_t count, cudaStream_t stream);

/// gated(): a picture's correction, scaled to what the gate leaves of it.
///
/// @param frame, correction, out 3 x height x width of float32; out is none of the others
/// @param scratch 2 * kGateMeasures * block_rows * block_columns floats
void gate_correction(const GateLayout &layout, const float *frame, const float *correction,
                     float *scratch, float *out, cudaStream_t stream);

} // namespace deblur::cuda
