// Shen et al. 2019, point by point: layers, parameters, and the equations.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/human.h"

#include <algorithm>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {
namespace {

int64_t conv(int64_t in, int64_t out, int64_t kernel) {
    return out * in * kernel * kernel + out;
}

int64_t count(const torch::nn::Module &module) {
    int64_t sum = 0;
    for (const auto &tensor : module.parameters())
        sum += tensor.numel();
    return sum;
}

int64_t units(int64_t channels) { // three residual units of two 3x3 convolutions
    return 3 * 2 * conv(channels, channels, 3);
}

// Of the paper's layers; the first one also sees two more frames and what the coarser scale found.
int64_t attention(int64_t frames, int64_t w) {
    return conv(3 * frames + 1, w, 5) + conv(w, 2 * w, 5) + conv(2 * w, 4 * w, 5) + conv(4 * w, 2 * w, 4) + conv(2 * w, w, 4) +
           conv(w, w, 4) + conv(w, 1, 1);
}

int64_t encoder(int64_t in, int64_t w) {
    return conv(in, w, 5) + units(w) + conv(w, 2 * w, 5) + units(2 * w) + conv(2 * w, 4 * w, 5) + units(4 * w);
}

int64_t decoder(int64_t w) {
    return units(4 * w) + conv(4 * w, 2 * w, 4) + units(2 * w) + conv(2 * w, w, 4) + units(w);
}

int64_t fusion(int64_t w) {
    return conv(12 * w, 4 * w, 1) + conv(6 * w, 2 * w, 1) + conv(3 * w, w, 1);
}

int64_t whole(int64_t frames, int64_t w) {
    return attention(frames, std::max<int64_t>(16, w)) + encoder(3 * frames + 3, w) + 3 * decoder(w) + fusion(w) + 3 * conv(w, 3, 5);
}

TEST(Human, LayersOfThePaper) {
    EXPECT_EQ(count(HumanAttention(1, 32)), attention(1, 32));
    EXPECT_EQ(count(HumanEncoder(6, 32)), encoder(6, 32));
    EXPECT_EQ(count(HumanDecoder(32, false)), decoder(32));
    EXPECT_EQ(count(HumanDecoder(32, true)), decoder(32) + fusion(32));
    // Scales share their parameters.
    EXPECT_EQ(count(*make_network({"human", 0})), whole(1, 32));
    NetworkConfig narrow{"human", 1};
    narrow.width = 8;
    EXPECT_EQ(count(*make_network(narrow)), whole(3, 8));
    // Without the branches' last blocks, times 1 + 1/4 + 1/16.
    EXPECT_NEAR(make_network({"human", 0})->macs_per_pixel(), 894012, 1);
}

TEST(Human, ShapesOfThePaper) {
    const torch::NoGradGuard no_grad;
    const auto picture = at::rand({2, 3, 32, 64});
    const auto map = HumanAttention(1, 4).forward(picture, {}, at::kFloat);
    EXPECT_EQ(map.sizes(), at::IntArrayRef({2, 1, 32, 64})); // "the same size as the input image"
    EXPECT_GE(map.min().item<float>(), 0);
    EXPECT_LE(map.max().item<float>(), 1);
    const auto features = HumanEncoder(3, 4).forward(picture);
    EXPECT_EQ(features[0].sizes(), at::IntArrayRef({2, 4, 32, 64}));
    EXPECT_EQ(features[1].sizes(), at::IntArrayRef({2, 8, 16, 32}));
    EXPECT_EQ(features[2].sizes(), at::IntArrayRef({2, 16, 8, 16}));
    const HumanDecoder branch(4, false), primary(4, true);
    auto d = features[2], fused = at::cat({d, d, d}, 1);
    for (size_t l = 1; l <= HumanDecoder::kBlocks; ++l) {
        const auto next = primary.block(l, fused, features);
        d = branch.block(l, d, features);
        EXPECT_EQ(next.sizes(), d.sizes());
        EXPECT_EQ(d.size(2), l == 1 ? 16 : 32);
        fused = at::cat({d, d, next}, 1);
    }
    EXPECT_EQ(d.sizes(), features[0].sizes());
}

// At the coarsest scale it knows nothing of people, half of everything; and what moves in a window counts.
TEST(Human, AttentionSeesTheCoarserScaleAndWhatMoves) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const HumanAttention attention(3, 8);
    const auto b = at::rand({1, 3, 32, 32}), window = at::cat({b, b, b}, 1);
    const auto see = [&](const torch::Tensor &frames, const torch::Tensor &coarser) {
        return attention.forward(frames, coarser, at::kFloat);
    };
    const auto alone = see(window, {});
    EXPECT_TRUE(see(window, at::full({1, 1, 16, 16}, 0.5)).equal(alone));
    EXPECT_GT((see(window, at::ones({1, 1, 16, 16})) - alone).abs().max().item<float>(), 1e-5);
    EXPECT_GT((see(at::cat({b + 0.02, b, b}, 1), {}) - alone).abs().max().item<float>(), 1e-5);
    EXPECT_NEAR(alone.mean().item<float>(), 0.2, 0.01);
}

NetworkConfig narrow() {
    NetworkConfig config{"human", 0};
    config.width = 4;
    return config;
}

// A part of a network with its parameters.
template <typename Module>
std::shared_ptr<Module> part(const Network &network, const std::string &name, std::shared_ptr<Module> module) {
    const auto parameters = named_parameters(network);
    for (auto &item : module->named_parameters())
        item.value().data().copy_(parameters.at(name + "." + item.key()));
    return module;
}

// Eqs. 3 to 10 from the parts' own forward(), scale by scale.
TEST(Human, ScalesAndFusionAreWhatTheEquationsSay) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const auto network = make_network(narrow());
    for (auto &[name, tensor] : named_parameters(*network))
        if (name == "latent_head.weight" || name == "attention.head.weight")
            tensor.mul_(30);
    const auto attend = part(*network, "attention", std::make_shared<HumanAttention>(1, 16));
    const auto encode = part(*network, "encoder", std::make_shared<HumanEncoder>(6, 4));
    const auto front = part(*network, "foreground", std::make_shared<HumanDecoder>(4, false));
    const auto back = part(*network, "background", std::make_shared<HumanDecoder>(4, false));
    const auto main = part(*network, "primary", std::make_shared<HumanDecoder>(4, true));
    const auto head = part(*network, "latent_head", std::make_shared<Conv>(4, 3, 5));

    const auto b = at::rand({1, 3, 64, 64});
    torch::Tensor restored, map;
    for (const int64_t factor : {4, 2, 1}) {
        const auto input = factor == 1 ? b : at::avg_pool2d(b, {factor, factor});
        const auto previous = restored.defined() ? at::upsample_bilinear2d(restored, {64 / factor, 64 / factor}, false)
                                                 : input; // "the input blurry image is repeated"
        const auto h = encode->forward(at::cat({input, previous}, 1));
        map = attend->forward(input, map, at::kFloat);
        const auto a = at::avg_pool2d(map, {4, 4});
        auto d_fg = h[2] * a, d_bg = h[2] - d_fg, d_pri = h[2];
        for (size_t l = 1; l <= 3; ++l) {
            d_pri = main->block(l, at::cat({d_fg, d_bg, d_pri}, 1), h);
            d_fg = front->block(l, d_fg, h);
            d_bg = back->block(l, d_bg, h);
        }
        restored = input + head->forward(d_pri); // Eq. 10
    }
    const auto result = network->step(b, {});
    EXPECT_LT((b + result.correction - restored).abs().max().item<float>(), 1e-4);
    EXPECT_LT((result.map - map).abs().max().item<float>(), 1e-5);
    EXPECT_GT(result.correction.abs().mean().item<float>(), 1e-3);
}

// Eqs. 4, 8 and 11 at three scales. What lies behind people is nothing to the foreground's decoder, and the other way
// round.
TEST(Human, ObjectiveKeepsTheBranchesToTheirDomains) {
    const auto network = make_network(narrow());
    const auto s = at::rand({1, 3, 32, 32});
    auto g = at::zeros({1, 1, 32, 32});
    g.narrow(3, 0, 16).fill_(1);
    StepResult result;
    for (const int64_t factor : {4, 2, 1}) {
        const auto sharp = at::avg_pool2d(s, {factor, factor}), mask = at::avg_pool2d(g, {factor, factor});
        for (const auto &output : {sharp, sharp + (1 - mask), sharp + mask, mask})
            result.outputs.push_back(output);
    }
    const FrameTruth truth{s, {}, 0.4 * g + 0.3}; // alpha; G is where it is above 1/2
    const auto objective = [&] { return network->objective(result, truth).item<double>(); };
    EXPECT_NEAR(objective(), 0, 1e-9);
    result.outputs[9] = s + 0.5; // S_FG at the finest scale: wrong by 1/2, which counts in its half
    EXPECT_NEAR(objective(), 10 * 0.25 / 2, 1e-5);
    result.outputs[9] = s;
    result.outputs[6] = at::avg_pool2d(s, {2, 2}) + 0.2; // S_BG at the middle one
    EXPECT_NEAR(objective(), 10 * 0.04 / 2, 1e-5);
    result.outputs[0] = result.outputs[0] + 0.1; // S_Pri at the coarsest, everywhere
    EXPECT_NEAR(objective(), 10 * 0.04 / 2 + 10 * 0.01, 1e-5);
    result.outputs[3] = result.outputs[3] + 0.3; // A
    EXPECT_NEAR(objective(), 10 * 0.04 / 2 + 10 * 0.01 + 0.09, 1e-5);
}

// Eq. 4: what the attention is pre-trained by, at three scales, and by itself.
TEST(Human, PretrainingIsThatOfTheAttention) {
    const auto network = make_network(narrow());
    const auto b = at::rand({1, 3, 32, 32}), g = (at::rand({1, 1, 32, 32}) > 0.5).to(at::kFloat);
    const auto loss = network->pretraining(b, {b, {}, g});
    double expected = 0;
    {
        const torch::NoGradGuard no_grad;
        const auto attend = part(*network, "attention", std::make_shared<HumanAttention>(1, 16));
        torch::Tensor map;
        for (const int64_t factor : {4, 2, 1}) {
            map = attend->forward(at::avg_pool2d(b, {factor, factor}), map, at::kFloat);
            expected += (at::avg_pool2d(g, {factor, factor}) - map).square().mean().item<double>();
        }
    }
    EXPECT_NEAR(loss.item<double>(), expected, 1e-6);
    loss.backward();
    for (const auto &[name, tensor] : named_parameters(*network))
        EXPECT_EQ(tensor.grad().defined(), name.rfind("attention.", 0) == 0) << name;
}

NetworkPtr ablation(const char *name, const Network &whole) {
    auto config = narrow();
    config.architecture = name;
    const auto network = make_network(config);
    load_parameters(*network, named_parameters(whole));
    return network;
}

// Table 3: the whole without one of its parts.
TEST(Human, AblationsLeaveOneThingOut) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const auto whole = make_network(narrow());
    for (auto &[name, tensor] : named_parameters(*whole))
        if (name.find("_head.weight") != std::string::npos || name == "attention.head.weight")
            tensor.mul_(30);
    const auto b = at::rand({1, 3, 64, 64});
    const auto parts = [&](Network &network) { // S_Pri, S_FG and S_BG at the finest scale, which comes last
        const c10::AutoGradMode grad(true);
        const auto outputs = network.step(b, {}).outputs;
        return std::vector<torch::Tensor>(outputs.end() - 4, outputs.end() - 1);
    };

    // A branch's own picture, which is also what the next scale begins with; with one scale that is nothing else.
    const auto one = ablation("human_one_scale", *whole);
    EXPECT_EQ(parts(*one).size(), 3u);
    const auto primary = parts(*one)[0];
    EXPECT_TRUE((b + one->step(b, {}).correction).allclose(primary, 1e-4, 1e-5));
    EXPECT_GT((whole->step(b, {}).correction - one->step(b, {}).correction).abs().max().item<float>(), 1e-4);
    EXPECT_NEAR(whole->macs_per_pixel() / one->macs_per_pixel(), 1.3125, 1e-6);
    const auto front = ablation("human_foreground", *whole), back = ablation("human_background", *whole);
    EXPECT_TRUE((b + front->step(b, {}).correction).allclose(parts(*front)[1], 1e-4, 1e-5));
    EXPECT_TRUE((b + back->step(b, {}).correction).allclose(parts(*back)[2], 1e-4, 1e-5));

    auto config = narrow();
    config.architecture = "human_no_attention";
    const auto blind = make_network(config);
    EXPECT_EQ(count(*whole) - count(*blind), attention(1, 16));
    EXPECT_FALSE(blind->has_map());
    EXPECT_FALSE(blind->step(b, {}).map.defined());
    EXPECT_FALSE(blind->pretraining(b, {b, {}, b.narrow(1, 0, 1)}).defined());
}

TEST(Human, WidthIsKeptWithTheWeights) {
    EXPECT_EQ(config_from_metadata(config_to_metadata(narrow())).width, 4);
    EXPECT_EQ(config_to_metadata({"human", 0}).count("width"), 0u);
    auto metadata = config_to_metadata(narrow());
    for (const char *wrong : {"0", "-8", "8.5", "100000", "wide"}) {
        metadata["width"] = wrong;
        EXPECT_THROW(config_from_metadata(metadata), std::invalid_argument) << wrong;
    }
}

} // namespace
} // namespace deblur
