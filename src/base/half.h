// 16-bit floating point in float32.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <cstring>

namespace deblur {

/// The float32 with these bits.
inline float float_of_bits(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// The value of an IEEE 754 binary16, exactly.
inline float float_of_half(uint16_t half) {
    constexpr float kSmallestSubnormal = 1.0f / (1 << 24);
    constexpr uint32_t kExponentShift = 13, kExponentBias = (127 - 15) << 23;
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
    const uint32_t magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) // infinite or not a number
        return float_of_bits(sign | 0x7f800000 | (magnitude & 0x3ff) << kExponentShift);
    if (magnitude >= 0x400)
        return float_of_bits(sign | ((magnitude << kExponentShift) + kExponentBias));
    const float value = static_cast<float>(magnitude) * kSmallestSubnormal;
    return sign ? -value : value;
}

/// The value of a bfloat16, exactly.
inline float float_of_bfloat16(uint16_t bits) {
    return float_of_bits(static_cast<uint32_t>(bits) << 16);
}

} // namespace deblur
