// The gate as its kernels compute it, run here on the CPU, against the reference.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/gating.h"

#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/gate.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

// What gate_correction() puts on a stream, position by position.
torch::Tensor gated_by_pixel(const torch::Tensor &correction, const torch::Tensor &frame,
                             const Gate &gate) {
    const auto g =
        cuda::gate_layout(gate, static_cast<int>(frame.size(2)), static_cast<int>(frame.size(3)));
    const int rows = g.block_rows, columns = g.block_columns;
    const auto blocks = static_cast<size_t>(rows) * static_cast<size_t>(columns);
    std::vector<GateMeasures> measures(blocks), averages(blocks);
    std::vector<float> strengths(blocks);
    for (int y = 0; y < g.height; ++y)
        for (int x = 0; x < g.width; ++x)
            measures[y / kGateBlock * columns + x / kGateBlock].add(cuda::measure_pixel(
                g, frame.data_ptr<float>(), correction.data_ptr<float>(), y, x));
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            auto &measure = measures[row * columns + column];
            measure = measure.over(cuda::pixels_of_block(g, row, column));
        }
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            averages[row * columns + column] =
                cuda::mean_of_line(&measures[row * columns], 1, column, columns);
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            strengths[row * columns + column] =
                cuda::gate_strength(g, cuda::mean_of_line(&averages[column], columns, row, rows));
    auto strength = at::empty({g.height, g.width});
    for (int y = 0; y < g.height; ++y)
        for (int x = 0; x < g.width; ++x)
            strength[y][x] = cuda::strength_at(g, strengths.data(), y, x);
    return correction * strength;
}

class Gating : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Gating, IsThatOfTheReference) {
    const auto [height, width] = GetParam();
    at::manual_seed(height * 1000 + width);
    const auto frame = test::uneven_frame(height, width);
    for (const Gate &gate : {test::lively_gate(1.3, 0.05), test::lively_gate(0.8, 0.4)}) {
        const auto correction = test::uneven_correction(height, width);
        const auto expected = gated(correction, frame, gate);
        const auto result = gated_by_pixel(correction, frame, gate);
        // Sums of floats in another order, through logarithms.
        EXPECT_TRUE(result.allclose(expected, 1e-4, 1e-8))
            << "gain " << gate.gain << ": "
            << (result - expected).abs().max();
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Gating,
                         testing::Values(std::pair{1, 1}, std::pair{1, 9}, std::pair{7, 1},
                                         std::pair{8, 8}, std::pair{17, 8}, std::pair{33, 130},
                                         std::pair{150, 301}));

} // namespace
} // namespace deblur
