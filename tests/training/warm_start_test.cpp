// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/warm_start.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/registry.h"
#include "training/restore.h"

namespace deblur {
namespace {

NetworkPtr network(const std::string &architecture, int window) {
    return make_network({architecture, window, true});
}

// The middle frames have all of the wider window, so their result tells.
TEST(WarmStart, AWiderWindowChangesNothingAtFirst) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(2);
    for (const char *architecture : {"strcnn_dtb", "strcnn_dtb_fast", "cnn"}) {
        const auto narrow = network(architecture, 1), wide = network(architecture, 3);
        warm_start(*wide, named_parameters(*narrow), 1);
        const auto clip = at::rand({1, 4, 3, 16, 16});
        EXPECT_TRUE(at::allclose(unroll(*wide, clip), unroll(*narrow, clip), 0, 1e-5))
            << architecture;
    }
}

TEST(WarmStart, ANarrowerWindowKeepsItsFrames) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(2);
    const auto wide = network("cnn", 2), narrow = network("cnn", 1), back = network("cnn", 2);
    named_parameters(*wide).at("stem.weight").narrow(1, 0, 3).zero_();
    named_parameters(*wide).at("stem.weight").narrow(1, 12, 3).zero_();
    warm_start(*narrow, named_parameters(*wide), 2);
    const auto clip = at::rand({1, 3, 3, 16, 16});
    EXPECT_TRUE(at::allclose(unroll(*narrow, clip), unroll(*wide, clip), 0, 1e-5));
}

TEST(WarmStart, AnotherArchitectureIsAnError) {
    EXPECT_THROW(warm_start(*network("strcnn_dtb", 1), named_parameters(*network("cnn", 2)), 2),
                 std::invalid_argument);
}

} // namespace
} // namespace deblur
