// A gate that learns when an unsharp mask is right.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/gate_fit.h"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "training/dead_leaves.h"

namespace deblur {
namespace {

// Sharpens whatever it sees.
class Sharpener : public Network {
  public:
    Sharpener() : Network({"sharpener", 0, true}) {}

    StepResult step(const torch::Tensor &window, const State &) override {
        const auto mean = at::avg_pool2d(window, {5, 5}, {1, 1}, {2, 2}, false, false);
        return {0.5 * (window - mean), {}};
    }
    int64_t size_multiple() const override { return 1; }
    double macs_per_pixel() const override { return 0; }
};

class GateFit : public testing::Test {
  protected:
    static Dataset clips(uint64_t seed, double speed) {
        DatasetOptions options;
        options.frames = 3;
        options.height = options.width = 96;
        options.speed = speed;
        options.compressed = options.soft = 0;
        options.seed = seed;
        return Dataset(std::make_shared<DeadLeaves>(), options);
    }

    // What a gate leaves of the correction of each of some frames, of its root mean square.
    double left_of_corrections(const Gate &gate, bool of_blurry) {
        double all = 0, left = 0;
        const auto data = clips(2, 6);
        for (uint64_t i = 0; i < 6; ++i) {
            const auto clip = data.clip(i);
            const auto frame = of_blurry ? clip.blurry : clip.sharp;
            const auto correction = network_.step(frame, {}).correction;
            all += correction.square().sum().item<double>();
            left += gated(correction, frame, gate).square().sum().item<double>();
        }
        return std::sqrt(left / all);
    }

    Sharpener network_;
};

TEST_F(GateFit, TrustsWhatSharpensTheBlurred) {
    int64_t seen = 0;
    const auto decision = fit_gate(network_, clips(1, 6), 12, [&](int64_t count) { seen = count; });
    EXPECT_EQ(seen, 12);
    const auto blurry = [&](double bias) { return left_of_corrections(adjusted({1, decision}, 0, bias), true); };
    const auto sharp = [&](double bias) { return left_of_corrections(adjusted({1, decision}, 0, bias), false); };
    EXPECT_GT(blurry(0), 0.4);
    EXPECT_LT(sharp(0), 0.2);
    EXPECT_GT(blurry(4), blurry(0) + 0.1);
    EXPECT_LT(blurry(-4), blurry(0) - 0.1);
}

TEST_F(GateFit, RepeatsItself) {
    const auto fit = [&] { return fit_gate(network_, clips(1, 6), 2, [](int64_t) {}); };
    const auto first = fit(), second = fit();
    EXPECT_EQ(first.output_bias, second.output_bias);
    EXPECT_EQ(first.hidden[3][2], second.hidden[3][2]);
}

} // namespace
} // namespace deblur
