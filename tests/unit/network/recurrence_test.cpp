// What is carried through time: the state, its start, and its gradient.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <torch/optim/sgd.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {
namespace {

using at::Tensor;

std::vector<Tensor> windows(int count) {
    std::vector<Tensor> result;
    for (int i = 0; i < count; ++i)
        result.push_back(at::rand({1, 9, 16, 24}));
    return result;
}

TEST(Recurrence, StateMatters) {
    const torch::NoGradGuard no_grad;
    for (const char *architecture : {"strcnn_dtb", "strcnn", "strcnn_dtb_fast", "runet_fast"}) {
        const auto network = make_network({architecture, 1, true});
        const auto inputs = windows(2);
        const auto fresh = network->step(inputs[1], {});
        const auto later = network->step(inputs[1], network->step(inputs[0], {}).state);
        EXPECT_FALSE(at::allclose(fresh.correction, later.correction)) << architecture;
    }
}

TEST(Recurrence, StepIsAPureFunction) {
    const torch::NoGradGuard no_grad;
    const auto network = make_network({"strcnn_dtb", 1, true});
    const auto inputs = windows(2);
    const auto state = network->step(inputs[0], {}).state;
    const State copy{state[0].clone(), state[1].clone()};
    const auto first = network->step(inputs[1], state);
    const auto second = network->step(inputs[1], state);
    EXPECT_TRUE(at::equal(first.correction, second.correction));
    EXPECT_TRUE(at::equal(state[0], copy[0]));
    EXPECT_TRUE(at::equal(state[1], copy[1]));
}

// The blended h~_1 of a fresh start is h_1: with w = 1, beta has no say in the first frame.
TEST(Recurrence, BetaHasNoSayInTheFirstFrame) {
    const torch::NoGradGuard no_grad;
    const auto network = make_network({"strcnn_dtb", 1, true});
    const auto inputs = windows(2);
    auto beta = named_parameters(*network).at("blending.beta");
    const auto run = [&](double value) {
        beta.fill_(value);
        const auto first = network->step(inputs[0], {});
        return std::pair{first.correction, network->step(inputs[1], first.state).correction};
    };
    const auto low = run(0.0), high = run(1.0);
    EXPECT_TRUE(at::equal(low.first, high.first));
    EXPECT_FALSE(at::equal(low.second, high.second));
}

TEST(Recurrence, BetaTrains) {
    torch::manual_seed(3);
    const auto network = make_network({"strcnn_dtb", 1, true});
    const auto inputs = windows(3);
    const auto beta = named_parameters(*network).at("blending.beta");
    const float before = beta.item<float>();
    torch::optim::SGD optimizer(network->parameters(), torch::optim::SGDOptions(1.0));

    State state;
    Tensor loss = at::zeros({});
    for (const auto &input : inputs) {
        auto result = network->step(input, state);
        loss = loss + (result.correction - 1).square().mean();
        state = result.state;
    }
    loss.backward();
    ASSERT_TRUE(beta.grad().defined());
    EXPECT_NE(beta.grad().item<float>(), 0);
    optimizer.step();
    EXPECT_NE(beta.item<float>(), before);
}

TEST(Recurrence, GradientFlowsThroughTime) {
    const auto network = make_network({"strcnn_dtb", 1, true});
    auto inputs = windows(3);
    inputs[0].requires_grad_();
    State state;
    Tensor last;
    for (const auto &input : inputs) {
        auto result = network->step(input, state);
        last = result.correction;
        state = result.state;
    }
    last.sum().backward();
    EXPECT_GT(inputs[0].grad().abs().sum().item<float>(), 0);
}

// Another type differs, but only by its precision; the correction itself comes back in fp32. In double, which every CPU
// computes.
TEST(Recurrence, ComputeTypeChangesPrecisionOnly) {
    const torch::NoGradGuard no_grad;
    torch::manual_seed(4);
    const auto network = make_network({"strcnn_dtb", 1, true});
    named_parameters(*network).at("latent_head.weight").mul_(50);
    const auto inputs = windows(4);
    const auto run = [&] {
        State state;
        StepResult result;
        for (const auto &input : inputs) {
            result = network->step(input, state);
            state = result.state;
        }
        return result;
    };
    const auto exact = run();
    network->set_compute_type(at::kDouble);
    const auto cast = run();
    network->to(at::kDouble);
    const auto converted = run();
    EXPECT_EQ(cast.correction.scalar_type(), at::kFloat);
    EXPECT_EQ(cast.state[0].scalar_type(), at::kDouble);
    const float scale = exact.correction.abs().max().item<float>();
    EXPECT_LT((cast.correction - exact.correction).abs().max().item<float>(), 1e-5 * scale);
    EXPECT_GT((cast.correction - exact.correction).abs().max().item<float>(), 0);
    EXPECT_TRUE(at::equal(cast.correction, converted.correction));
}

} // namespace
} // namespace deblur
