// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/gate_fit.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <ATen/ATen.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>

#include "training/restore.h"

namespace deblur {

namespace {

namespace nn = torch::nn;
using torch::Tensor;

constexpr int64_t kSteps = 1500, kBatch = 4096;
constexpr double kRate = 1e-2, kDecay = 0.03;
constexpr double kUseful = 0.3; // a correction is right if so much of it is in the truth
constexpr int64_t kStride = 2;  // blocks; neighbours know nearly the same

// Of blocks: what the gate knows, whether the correction is right, and how much that matters.
struct Examples {
    std::vector<Tensor> features, is_right, weight;
};

// Of the frames of a clip that have both neighbours.
void look_at(Network &network, const Tensor &frames, const Tensor &sharp, Examples &examples) {
    State state;
    const auto visit = [&](int64_t n, const StepResult &result) {
        if (n == 0 || n == frames.size(1) - 1)
            return;
        const auto frame = frames.select(1, n), missing = sharp.select(1, n) - frame;
        const auto of_blocks = [](const Tensor &map) {
            const auto some = map.slice(2, 0, map.size(2), kStride).slice(3, 0, map.size(3), kStride);
            return some.permute({0, 2, 3, 1}).flatten(0, 2).cpu();
        };
        const auto size = of_blocks(mean_around_blocks(result.correction.square().mean(1, true)));
        const auto right = of_blocks(mean_around_blocks((result.correction * missing).mean(1, true)));
        examples.features.push_back(of_blocks(gate_features(result.correction, frame)));
        examples.is_right.push_back((right > kUseful * size).to(at::kFloat));
        examples.weight.push_back(size);
    };
    unroll(network, frames, 0, frames.size(1), state, visit);
}

GateDecision decision_of(const nn::Linear &hidden, const nn::Linear &output, const Tensor &mean, const Tensor &deviation) {
    const torch::NoGradGuard no_grad;
    const auto weight = (hidden->weight / deviation).contiguous();
    const auto bias = (hidden->bias - weight.mv(mean)).contiguous();
    GateDecision decision;
    const auto copy = [](const Tensor &from, float *to) {
        std::memcpy(to, from.data_ptr<float>(), static_cast<size_t>(from.numel()) * sizeof(float));
    };
    copy(weight, decision.hidden[0]);
    copy(bias, decision.hidden_bias);
    copy(output->weight, decision.output);
    copy(output->bias, &decision.output_bias);
    return decision;
}

} // namespace

GateDecision fit_gate(Network &network, const Dataset &data, int64_t count,
                      const std::function<void(int64_t clips)> &progress) {
    Examples examples;
    {
        const torch::NoGradGuard no_grad;
        for (int64_t i = 0; i < count; ++i) {
            const auto [blurry, sharp] = data.batch(static_cast<uint64_t>(i), 1);
            look_at(network, blurry, sharp, examples);
            look_at(network, sharp, sharp, examples);
            progress(i + 1);
        }
    }
    auto features = at::cat(examples.features);
    const auto is_right = at::cat(examples.is_right);
    auto weight = at::cat(examples.weight);
    weight = (weight / weight.mean().clamp_min(1e-12)).clamp(0.1, 5);
    const auto mean = features.mean(0), deviation = features.std(0).clamp_min(1e-3);
    features = (features - mean) / deviation;

    at::manual_seed(data.options().seed);
    nn::Linear hidden(kGateFeatures, kGateHidden), output(kGateHidden, 1);
    nn::Sequential layers(hidden, nn::Softsign(), output);
    torch::optim::AdamW optimizer(layers->parameters(), torch::optim::AdamWOptions(kRate).weight_decay(kDecay));
    for (int64_t step = 0; step < kSteps; ++step) {
        const double left = 1 - static_cast<double>(step) / kSteps;
        static_cast<torch::optim::AdamWOptions &>(optimizer.param_groups()[0].options()).lr(kRate * left);
        const auto batch = at::randint(features.size(0), {kBatch}, at::kLong);
        const auto take = [&](const Tensor &from) { return from.index_select(0, batch); };
        const auto loss = nn::functional::binary_cross_entropy_with_logits(
            layers->forward(take(features)), take(is_right),
            nn::functional::BinaryCrossEntropyWithLogitsFuncOptions().weight(take(weight)));
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
    }
    return decision_of(hidden, output, mean, deviation);
}

Gate adjusted(Gate gate, double gain, double bias) {
    if (gain > 0)
        gate.gain = gain;
    if (gate.decision)
        gate.decision->output_bias += static_cast<float>(bias);
    return gate;
}

} // namespace deblur
