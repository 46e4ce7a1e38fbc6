// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/restore.h"

#include <algorithm>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/padding.h"
#include "network/registry.h"

namespace deblur {
namespace {

struct Case {
    std::string architecture;
    int window;
    int64_t frames;
};

void PrintTo(const Case &c, std::ostream *out) {
    *out << c.architecture << ", m = " << c.window << ", " << c.frames << " frames";
}

class RestoreSequence : public testing::TestWithParam<Case> {};

// The obvious way: every window is built from the whole sequence, by frame number.
std::vector<torch::Tensor> reference(Network &network, const std::vector<torch::Tensor> &frames) {
    const torch::NoGradGuard no_grad;
    const int m = network.config().window, last = static_cast<int>(frames.size()) - 1;
    std::vector<torch::Tensor> restored;
    State state;
    for (int n = 0; n <= last; ++n) {
        std::vector<torch::Tensor> window;
        for (int i = n - m; i <= n + m; ++i)
            window.push_back(frames[static_cast<size_t>(std::min(std::max(i, 0), last))]);
        const auto stacked = at::cat(window).unsqueeze(0);
        const auto result = network.step(pad_to_multiple(stacked, network.size_multiple()), state);
        state = result.state;
        const auto &frame = frames[static_cast<size_t>(n)];
        restored.push_back(
            (frame + crop(result.correction, frame.size(1), frame.size(2))[0]).clamp(0, 1));
    }
    return restored;
}

TEST_P(RestoreSequence, EqualsThePlainLoop) {
    const auto &[architecture, window, count] = GetParam();
    at::manual_seed(3);
    NetworkConfig config;
    config.architecture = architecture;
    config.window = window;
    const auto network = make_network(config);
    std::vector<torch::Tensor> frames;
    for (int64_t n = 0; n < count; ++n)
        frames.push_back(at::rand({3, 19, 27}));

    const auto expected = reference(*network, frames);
    const auto restored = restored_sequence(*network, frames);
    ASSERT_EQ(restored.size(), frames.size());
    for (size_t n = 0; n < frames.size(); ++n) {
        EXPECT_FALSE(restored[n].requires_grad());
        // Memory formats may differ, and with them the order of sums.
        EXPECT_TRUE(restored[n].allclose(expected[n], 0, 1e-5)) << "frame " << n;
        EXPECT_FALSE(restored[n].equal(frames[n])) << "the network did nothing";
    }
}

std::vector<Case> cases() {
    std::vector<Case> result;
    for (const auto &architecture : architectures())
        for (const int64_t frames : {1, 2, 5})
            result.push_back({architecture, 1, frames});
    for (const int window : {0, 2, 3})
        for (const int64_t frames : {1, 3, 8})
            result.push_back({"strcnn_dtb", window, frames});
    return result;
}

std::string case_name(const testing::TestParamInfo<Case> &info) {
    return info.param.architecture + "_m" + std::to_string(info.param.window) + "_" +
           std::to_string(info.param.frames) + "frames";
}

INSTANTIATE_TEST_SUITE_P(Restore, RestoreSequence, testing::ValuesIn(cases()), case_name);

} // namespace
} // namespace deblur
