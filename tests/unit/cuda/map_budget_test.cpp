// What of a GPU's memory is for maps, and frames in tiles within it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "cuda/map_budget.h"
#include "torch/graph_network.h"
#include "torch/tensor_ops.h"
#include "network/registry.h"

namespace deblur {
namespace {

constexpr int64_t kMiB = 1 << 20;

TEST(MapBudget, IsTheLesserOfShareAndLimit) {
    EXPECT_EQ(cuda::map_budget(1000 * kMiB, 0), 700 * kMiB);
    EXPECT_EQ(cuda::map_budget(1000 * kMiB, 300 * kMiB), 300 * kMiB);
    EXPECT_EQ(cuda::map_budget(1000 * kMiB, 900 * kMiB), 700 * kMiB);
}

TEST(MapBudget, FourKFitsIntoWhatIsAskedFor) {
    const auto network = make_network({"strcnn_dtb_fast", 0, true});
    TensorSettings settings;
    settings.height = 2160;
    settings.width = 3840;
    const GraphNetwork whole(*network, settings, TensorOps(),
                             cuda::map_budget(int64_t{1} << 40, 0));
    EXPECT_EQ(whole.tiles(), 1u);
    const int64_t limit = 256 * kMiB;
    ASSERT_GT(whole.peak_bytes(), limit);
    const GraphNetwork tiled(*network, settings, TensorOps(),
                             cuda::map_budget(int64_t{1} << 40, limit));
    EXPECT_GT(tiled.tiles(), 1u);
    EXPECT_LE(tiled.peak_bytes(), limit);
}

} // namespace
} // namespace deblur
