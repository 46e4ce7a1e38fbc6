// 16-bit floating point from and to float32.
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

/// The bits of a float32.
inline uint32_t bits_of_float(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

// Without jumps, so that loops over samples are vectorised.

/// The value of an IEEE 754 binary16, exactly.
inline float float_of_half(uint16_t half) {
    constexpr float kSmallestSubnormal = 1.0f / (1 << 24);
    constexpr uint32_t kExponentShift = 13, kExponentBias = (127 - 15) << 23;
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
    const uint32_t magnitude = half & 0x7fff;
    const uint32_t infinite = 0x7f800000 | (magnitude & 0x3ff) << kExponentShift; // or not a number
    const uint32_t normal = (magnitude << kExponentShift) + kExponentBias;
    const uint32_t subnormal = bits_of_float(static_cast<float>(static_cast<int32_t>(magnitude)) * kSmallestSubnormal);
    return float_of_bits(sign | (magnitude >= 0x7c00 ? infinite : magnitude >= 0x400 ? normal : subnormal));
}

/// The nearest IEEE 754 binary16, ties to even.
inline uint16_t half_of_float(float value) {
    constexpr uint32_t kShift = 13, kBias = (127 - 15) << 23;
    constexpr float kUnit = 0.5f; // whose last bit is the smallest subnormal
    const uint32_t bits = bits_of_float(value), magnitude = bits & 0x7fffffff;
    const uint32_t odd = magnitude >> kShift & 1;
    const uint32_t normal = (magnitude + 0xfff + odd - kBias) >> kShift;
    const uint32_t subnormal = bits_of_float(float_of_bits(magnitude) + kUnit) - bits_of_float(kUnit);
    const uint32_t infinite = magnitude > 0x7f800000 ? 0x7e00 : 0x7c00; // or not a number
    const uint32_t half = magnitude >= 0x47800000 ? infinite : magnitude >= 0x38800000 ? normal : subnormal;
    return static_cast<uint16_t>((bits >> 16 & 0x8000) | half);
}

/// The value of a bfloat16, exactly.
inline float float_of_bfloat16(uint16_t bits) {
    return float_of_bits(static_cast<uint32_t>(bits) << 16);
}

} // namespace deblur
