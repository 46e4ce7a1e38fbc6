// What the CPU at hand has instructions for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace deblur::cpu {

// As far as oneDNN may use them: ONEDNN_MAX_CPU_ISA can hide what is there.

/// Whether networks run in bfloat16 at all: AVX-512.
bool computes_bfloat16();

/// Whether products of bfloat16 are native: AVX512-BF16, which every CPU with AMX has, too.
bool multiplies_bfloat16();

/// Whether networks run with 8-bit samples in their products at all: AVX2.
bool computes_int8();

/// Whether products of 8-bit integers are native and exact: VNNI. (Older instructions saturate the sums of two; without
/// VNNI, products are of 16 bits.)
bool multiplies_int8();

} // namespace deblur::cpu
