// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/features.h"

#include <oneapi/dnnl/dnnl.h>

namespace deblur::cpu {

namespace {

// An instruction set is a set of bits that contains those that it builds on.
bool has(unsigned set) {
    return (static_cast<unsigned>(dnnl_get_effective_cpu_isa()) & set) == set;
}

} // namespace

bool computes_bfloat16() {
    return has(dnnl_cpu_isa_avx512_core);
}

bool multiplies_bfloat16() {
    return has(dnnl_cpu_isa_avx512_core_bf16);
}

bool computes_int8() {
    return has(dnnl_cpu_isa_avx2);
}

bool multiplies_int8() {
    return has(dnnl_cpu_isa_avx512_core_vnni);
}

} // namespace deblur::cpu
