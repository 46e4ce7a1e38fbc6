// What the CPU at hand has instructions for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace deblur::cpu {

/// Whether products of bfloat16 are native: AVX512-BF16, which every CPU with AMX has, too.
inline bool multiplies_bfloat16() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

/// Whether products of 8-bit integers are native and exact: VNNI. (Older instructions saturate the sums
/// of two.)
inline bool multiplies_int8() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512vnni");
#else
    return false;
#endif
}

} // namespace deblur::cpu
