// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/gate.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/gate.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

class CpuGate : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(CpuGate, IsThatOfTheReference) {
    const auto [height, width] = GetParam();
    at::manual_seed(height * 1000 + width);
    const auto frame = test::uneven_frame(height, width);
    for (const Gate &gate : {test::lively_gate(1.3, 0.05), test::lively_gate(0.8, 0.4), Gate{1.2}, Gate{}}) {
        const auto correction = test::uneven_correction(height, width);
        const auto expected = gated(correction, frame, gate);
        auto result = correction.clone();
        cpu::CorrectionGate(gate, height, width).apply(frame.data_ptr<float>(), result.data_ptr<float>());
        // Sums of floats in another order, through logarithms.
        EXPECT_TRUE(result.allclose(expected, 1e-4, 1e-8))
            << "gain " << gate.gain << ": " << (result - expected).abs().max();
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, CpuGate,
                         testing::Values(std::pair{1, 1}, std::pair{1, 9}, std::pair{7, 1}, std::pair{8, 8},
                                         std::pair{17, 8}, std::pair{33, 130}, std::pair{150, 301}));

} // namespace
} // namespace deblur
