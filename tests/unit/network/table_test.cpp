// The networks against the design's layer table: names and shapes of parameters, their number, and
// the cost of a step.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {
namespace {

int64_t conv(int64_t in, int64_t out, int64_t kernel) {
    return out * in * kernel * kernel + out;
}

struct Row {
    const char *architecture;
    bool recurrent, blending;
};

class Table : public testing::TestWithParam<std::tuple<Row, int>> {};

TEST_P(Table, ParameterCount) {
    const auto [row, m] = GetParam();
    const auto network = make_network({row.architecture, m, true});

    int64_t expected = conv(3 * (2 * m + 1), 64, 5) + conv(64, row.recurrent ? 32 : 64, 3);
    expected += 2 * 4 * 2 * conv(64, 64, 3); // encoder and decoder, 4 blocks of 2
    expected += conv(64, 64, 4) + conv(64, 3, 3);
    expected += row.blending ? conv(128, 64, 5) + 1 : 0; // and beta
    expected += row.recurrent ? conv(64, 32, 3) : 0;

    int64_t count = 0;
    for (const auto &[name, tensor] : named_parameters(*network))
        count += tensor.numel();
    EXPECT_EQ(count, expected);
}

TEST_P(Table, ShapesOfAStep) {
    const auto [row, m] = GetParam();
    const torch::NoGradGuard no_grad;
    const auto network = make_network({row.architecture, m, true});
    const auto result = network->step(at::rand({2, 3 * (2 * m + 1), 12, 20}), {});
    EXPECT_EQ(result.correction.sizes(), at::IntArrayRef({2, 3, 12, 20}));
    EXPECT_EQ(result.correction.scalar_type(), at::kFloat);
    ASSERT_EQ(result.state.size(), size_t(row.recurrent) + size_t(row.blending));
    if (row.recurrent) {
        EXPECT_EQ(result.state[0].sizes(), at::IntArrayRef({2, 32, 6, 10}));
    }
    if (row.blending) {
        EXPECT_EQ(result.state[1].sizes(), at::IntArrayRef({2, 64, 6, 10}));
    }
}

INSTANTIATE_TEST_SUITE_P(All, Table,
                         testing::Combine(testing::Values(Row{"strcnn_dtb", true, true},
                                                          Row{"strcnn", true, false},
                                                          Row{"cnn", false, false}),
                                          testing::Range(0, 4)));

TEST(Table, ReferenceConfiguration) {
    const auto network = make_network({"strcnn_dtb", 1, true});
    int64_t count = 0;
    for (const auto &[name, tensor] : named_parameters(*network))
        count += tensor.numel();
    EXPECT_EQ(count, 914435 + 1); // "about 0.916 M", and beta

    const double macs = network->macs_per_pixel() * 1e-9;
    EXPECT_NEAR(macs * 640 * 480, 73.8, 0.05);
    EXPECT_NEAR(macs * 1280 * 720, 221.5, 0.05);
    EXPECT_NEAR(macs * 1920 * 1080, 498.5, 0.1);
}

// Work where it pays: most of it at a quarter of the resolution and below.
TEST(RecurrentUnet, Cost) {
    EXPECT_NEAR(make_network({"runet", 1})->macs_per_pixel() / 1e3, 58.92, 0.01);
    EXPECT_NEAR(make_network({"runet_fast", 1})->macs_per_pixel() / 1e3, 25.32, 0.01);
}

TEST(Registry, NamesWhatIsValid) {
    EXPECT_THAT(architectures(), testing::IsSupersetOf({"strcnn_dtb", "strcnn", "cnn"}));
    try {
        make_network({"unet", 1, true});
        FAIL();
    } catch (const std::invalid_argument &error) {
        EXPECT_THAT(error.what(),
                    testing::AllOf(testing::HasSubstr("'unet'"),
                                   testing::HasSubstr("strcnn_dtb, strcnn, cnn, strcnn_dtb_fast")));
    }
    EXPECT_THROW(make_network({"cnn", 4, true}), std::invalid_argument);
    EXPECT_THROW(make_network({"cnn", -1, true}), std::invalid_argument);
}

} // namespace
} // namespace deblur
