// 16-bit floating point against LibTorch.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <gtest/gtest.h>

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include "base/half.h"

namespace deblur {
namespace {

TEST(Half, EveryValueIsLibTorchs) {
    for (uint32_t i = 0; i <= 0xffff; ++i) {
        const auto bits = static_cast<uint16_t>(i);
        const float half = c10::Half(bits, c10::Half::from_bits());
        const float bfloat16 = c10::BFloat16(bits, c10::BFloat16::from_bits());
        if (std::isnan(half))
            EXPECT_TRUE(std::isnan(float_of_half(bits))) << i;
        else
            EXPECT_EQ(float_of_half(bits), half) << i;
        if (std::isnan(bfloat16))
            EXPECT_TRUE(std::isnan(float_of_bfloat16(bits))) << i;
        else
            EXPECT_EQ(float_of_bfloat16(bits), bfloat16) << i;
    }
    EXPECT_TRUE(std::signbit(float_of_half(0x8000)));
}

} // namespace
} // namespace deblur
