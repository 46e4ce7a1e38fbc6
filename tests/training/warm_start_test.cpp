// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/warm_start.h"

#include <cmath>

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
        warm_start(*wide, named_parameters(*narrow), narrow->config());
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
    warm_start(*narrow, named_parameters(*wide), wide->config());
    const auto clip = at::rand({1, 3, 3, 16, 16});
    EXPECT_TRUE(at::allclose(unroll(*narrow, clip), unroll(*wide, clip), 0, 1e-5));
}

TEST(WarmStart, AnotherArchitectureGivesWhatBothHave) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(2);
    const auto trunk = network("strcnn_dtb", 1), blade = network("bladenet", 1), local = network("strcnn_dtb_local", 1);
    warm_start(*local, named_parameters(*blade), blade->config());
    warm_start(*local, named_parameters(*trunk), trunk->config());
    for (const auto &[name, value] : named_parameters(*local))
        EXPECT_TRUE(value.equal(named_parameters(name.rfind("perception.", 0) == 0 ? *blade : *trunk).at(name))) << name;
}

// Its attention begins as 1, its map as 1/2, which lets everything through.
TEST(WarmStart, ABladeNetBeginsAsItsBackbone) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(2);
    const auto backbone = network("strcnn_dtb_fast", 1), blade = network("bladenet", 1);
    named_parameters(*backbone).at("latent_head.weight").mul_(30);
    warm_start(*blade, named_parameters(*backbone), backbone->config());
    const auto clip = at::rand({1, 3, 3, 32, 48});
    EXPECT_TRUE(at::allclose(unroll(*blade, clip), unroll(*backbone, clip), 0, 1e-5));
}

TEST(WarmStart, NothingInCommonIsAnError) {
    const auto other = network("cnn", 1);
    EXPECT_THROW(warm_start(*network("strcnn_dtb", 1), {{"other.weight", at::rand({2})}}, other->config()),
                 std::invalid_argument);
}

TEST(WeightedMean, SharesAreRelative) {
    const auto mean = weighted_mean({{1, {{"a", at::tensor({1.0, 2.0})}, {"b", at::tensor({8.0}).to(at::kHalf)}}},
                                     {3, {{"a", at::tensor({5.0, -2.0})}, {"b", at::tensor({0.0}).to(at::kHalf)}}}});
    ASSERT_EQ(mean.size(), 2u);
    EXPECT_TRUE(mean.at("a").equal(at::tensor({4.0F, -1.0F})));
    EXPECT_TRUE(mean.at("b").equal(at::tensor({2.0F})));
}

TEST(WeightedMean, OfWhatDiffersIsAnError) {
    const TensorMap a{{"a", at::zeros({2})}};
    EXPECT_THROW(weighted_mean({}), std::invalid_argument);
    for (const double share : {0.0, -1.0, std::nan(""), HUGE_VAL})
        EXPECT_THROW(weighted_mean({{1, a}, {share, a}}), std::invalid_argument) << share;
    for (const TensorMap &other : {TensorMap{{"b", at::zeros({2})}}, TensorMap{{"a", at::zeros({1})}}, TensorMap{},
                                   TensorMap{{"a", at::zeros({2})}, {"b", at::zeros({2})}}})
        EXPECT_THROW(weighted_mean({{1, a}, {1, other}}), std::invalid_argument);
}

} // namespace
} // namespace deblur
