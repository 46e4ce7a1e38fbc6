// Only the tiles that count, against the module's steps for whole frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_tiles.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "inference/cpu_network.h"
#include "inference/cpu_model.h"
#include "inference/receptive_field.h"
#include "network/parameters.h"
#include "torch/image_tensor.h"
#include "torch/model_network.h"
#include "unit/inference/sequences.h"
#include "unit/network/uneven.h"

namespace deblur {
namespace {

using namespace test;

constexpr int64_t kHeight = 320, kWidth = 400;
constexpr TileSize kSize{40, 48};

class CpuTilesTest : public testing::Test {
  protected:
    CpuTilesTest() {
        for (const auto &[name, tensor] : named_parameters(*network_))
            parameters_[name] = {std::vector<int>(tensor.sizes().begin(), tensor.sizes().end()),
                                 tensor.data_ptr<float>()};
        options_.height = kHeight;
        options_.width = kWidth;
        options_.multiple = static_cast<int>(network_->size_multiple());
        options_.planes = 9;
        whole_ = std::make_unique<cpu::Pipeline>(network_->graph(), parameters_, options_);
        tiles_ = std::make_unique<CpuTiles>(network_->graph(), parameters_, options_, receptive_halo(network_->graph(), 2), kSize);
    }

    torch::Tensor whole_step(const std::vector<torch::Tensor> &window) {
        std::vector<const float *> planes;
        for (const auto &frame : window)
            add_planes(to_image(frame), planes);
        const Image correction = whole_->make_head();
        whole_->step(planes, correction);
        return to_tensor(correction);
    }

    std::vector<Tile> choose(const torch::Tensor &counts, int64_t reach) const {
        return tiles_->choose(to_image(counts), reach);
    }

    void step(const std::vector<Tile> &chosen, const std::vector<torch::Tensor> &window, const torch::Tensor &correction) {
        std::vector<Image> frames;
        for (const auto &frame : window)
            frames.push_back(to_image(frame));
        tiles_->step(chosen, *whole_, frames, to_image(correction));
    }

    static torch::Tensor box(int64_t y, int64_t x, int64_t height, int64_t width) {
        auto counts = at::zeros({1, 1, kHeight, kWidth});
        counts.slice(2, y, y + height).slice(3, x, x + width).fill_(0.5);
        return counts;
    }

    // 1 where the tiles are, at a part of the resolution.
    static torch::Tensor mask(const std::vector<Tile> &tiles, int64_t factor) {
        auto map = at::zeros({1, 1, kHeight / factor, kWidth / factor});
        for (const auto &tile : tiles)
            map.slice(2, tile.rows.begin / factor, tile.rows.end() / factor)
                .slice(3, tile.columns.begin / factor, tile.columns.end() / factor)
                .fill_(1);
        return map;
    }

    const torch::NoGradGuard no_grad_;
    NetworkPtr network_ = lively_network({"strcnn_dtb", 1, true});
    cpu::Parameters parameters_;
    cpu::PipelineOptions options_;
    std::unique_ptr<cpu::Pipeline> whole_;
    std::unique_ptr<CpuTiles> tiles_;
};

TEST_F(CpuTilesTest, AreChosenWhereSomethingCounts) {
    EXPECT_TRUE(choose(box(0, 0, 0, 0), 0).empty());
    const auto first = choose(box(0, 0, 1, 1), 0);
    ASSERT_EQ(first.size(), 1);
    const int64_t y = first[0].rows.end(), x = first[0].columns.end(); // where four tiles meet
    EXPECT_EQ(choose(box(y, x, 1, 1), 0).size(), 1);
    EXPECT_EQ(choose(box(y, x, 1, 1), 1).size(), 4);
    EXPECT_EQ(choose(box(y + 2, x + 2, 1, 1), 2).size(), 1);
    EXPECT_EQ(choose(box(y - 1, x, 2, 1), 0).size(), 2);
    EXPECT_TRUE(tiles_->is_whole(choose(box(0, 0, kHeight, kWidth), 0)));
    EXPECT_TRUE(tiles_->is_whole(choose(box(0, 0, 3 * y, 3 * x), 0))) << "more work than the whole frame";
    EXPECT_FALSE(tiles_->is_whole(first));
}

TEST_F(CpuTilesTest, EqualWholeFramesWhoseStateStaysElsewhere) {
    const auto windows = random_windows(network_->config(), kHeight, kWidth, 5);
    State state;
    const std::vector<torch::Tensor> counts = {box(0, 0, 10, 10), box(100, 170, 3, 3), box(kHeight - 3, kWidth - 3, 3, 3)};
    for (size_t n = 0; n < windows.size(); ++n) {
        auto expected = network_->step(at::cat(windows[n], 1), state);
        torch::Tensor actual;
        if (n == 0 || n == windows.size() - 1)
            actual = whole_step(windows[n]);
        else {
            const auto chosen = choose(counts[n - 1], 0);
            ASSERT_EQ(chosen.size(), 1);
            actual = at::full_like(windows[n][0], 7);
            step(chosen, windows[n], actual);
            expected.correction = expected.correction * mask(chosen, 1);
            for (size_t i = 0; i < state.size(); ++i)
                expected.state[i] = at::where(mask(chosen, 2) > 0, expected.state[i], state[i]);
        }
        ASSERT_GT(expected.correction.abs().max().item<float>(), 0.01);
        EXPECT_LT((actual - expected.correction).abs().max().item<float>(), 5e-5) << "frame " << n;
        state = expected.state;
    }
}

TEST_F(CpuTilesTest, SeeTheStateThatTheirNeighboursHadBefore) {
    const auto windows = random_windows(network_->config(), kHeight, kWidth, 2);
    const auto first = network_->step(at::cat(windows[0], 1), {});
    whole_step(windows[0]);
    const auto edge = choose(box(0, 0, 1, 1), 0).at(0).rows.end();
    const auto chosen = choose(box(edge - 1, 10, 2, 2), 0);
    ASSERT_EQ(chosen.size(), 2);
    auto actual = at::empty_like(windows[1][0]);
    step(chosen, windows[1], actual);
    const auto expected = network_->step(at::cat(windows[1], 1), first.state).correction * mask(chosen, 1);
    EXPECT_LT((actual - expected).abs().max().item<float>(), 5e-5);
}

// The gate looks at a correction's surroundings, so those are computed, too.
TEST(CpuNetworkInTiles, HasTheSameGateWhereItCounts) {
    const torch::NoGradGuard no_grad;
    NetworkConfig config{"strcnn_dtb_local", 0, true};
    config.gate = lively_gate(1.2, 0.3);
    const auto network = lively_network(config);
    constexpr int64_t height = 328, width = 1290; // 1 x 4 tiles
    const auto windows = random_windows(config, height, width, 2);
    InferenceSettings settings;
    settings.height = height;
    settings.width = width;
    CpuNetwork reference(to_model(*network), settings), tested(to_model(*network), settings);
    const auto first = to_image(windows[0][0]), second = to_image(windows[1][0]);
    reference.step({first});
    tested.step({first});
    const auto expected = to_tensor(reference.step({second})).clone();
    auto counts = at::zeros({1, 1, height, width});
    counts.slice(3, 10, 300).fill_(1);
    const auto actual = to_tensor(tested.step_where({second}, to_image(counts)));
    EXPECT_LT(((actual - expected) * counts).abs().max().item<float>(), 5e-5);
    EXPECT_EQ(actual.slice(3, width - 100, width).abs().max().item<float>(), 0) << "nothing was skipped";
    EXPECT_GT(expected.abs().max().item<float>(), 0.01);
}

} // namespace
} // namespace deblur
