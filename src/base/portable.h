// Arithmetic that a GPU and the CPU compute from one source.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#ifdef __CUDACC__
#define DEBLUR_PORTABLE __host__ __device__ __forceinline__
#else
#define DEBLUR_PORTABLE inline
#endif

namespace deblur {

template <class T> DEBLUR_PORTABLE T smaller(T a, T b) {
    return b < a ? b : a;
}
template <class T> DEBLUR_PORTABLE T larger(T a, T b) {
    return a < b ? b : a;
}
template <class T> DEBLUR_PORTABLE T between(T low, T value, T high) {
    return larger(low, smaller(value, high));
}

} // namespace deblur
