// Adversarial BRMR against the text of Lin et al. 2019, and pix2pix's layers that it refers to.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/brmr.h"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/parameters.h"
#include "network/patch_windows.h"
#include "network/refinement_stage.h"
#include "network/registry.h"

namespace deblur {
namespace {

using torch::Tensor;

TensorMap parameters_of(const torch::nn::Module &module) {
    TensorMap map;
    for (const auto &item : module.named_parameters())
        map.emplace(item.key(), item.value());
    return map;
}

int64_t count(const torch::nn::Module &module) {
    int64_t sum = 0;
    for (const auto &tensor : module.parameters())
        sum += tensor.numel();
    return sum;
}

// Isola et al. 2017, section 6.1: C64-C128-C256-C512-C512-C512-C512-C512, then CD512-CD1024-CD1024-C1024-C1024-C512-
// C256-C128, which are the channels that the next layer sees; their program counts 54.414 and 41.829 million.
TEST(BrmrGenerator, HasPix2pixsLayers) {
    const UNetGenerator image(3, 64, 8, true);
    const int64_t down[] = {3, 64, 128, 256, 512, 512, 512, 512, 512};
    const int64_t seen[] = {0, 256, 512, 1024, 1024, 1024, 1024, 512}; // by the layers of the way up
    const auto parameters = parameters_of(image);
    for (int level = 0; level < 8; ++level) {
        const auto number = std::to_string(level);
        EXPECT_EQ(parameters.at("down" + number + ".weight").sizes(),
                  at::IntArrayRef({down[level + 1], down[level], 4, 4}));
        EXPECT_EQ(parameters.count("down_norm" + number + ".weight"), level > 0 && level < 7 ? 1u : 0u);
        if (level > 0) {
            EXPECT_EQ(parameters.at("up" + number + ".weight").sizes(),
                      at::IntArrayRef({seen[level], down[level], 4, 4}));
            EXPECT_EQ(parameters.at("up_norm" + number + ".weight").numel(), down[level]);
        }
    }
    EXPECT_EQ(parameters.at("latent_head.weight").sizes(), at::IntArrayRef({128, 3, 4, 4}));
    EXPECT_EQ(count(image), 54413955);
    EXPECT_EQ(count(UNetGenerator(3, 64, 7, true)), 41828995);
}

// Recursively, as pix2pix's program nests its levels, in LibTorch's own operations.
Tensor nested(const TensorMap &p, int level, int deepest, const Tensor &x) {
    const auto number = std::to_string(level);
    const auto norm = [&](const std::string &name, const Tensor &y) {
        return at::instance_norm(y, p.at(name + ".weight"), p.at(name + ".bias"), {}, {}, true, 0, 1e-5, false);
    };
    Tensor y = at::leaky_relu(x, level > 0 ? 0.2 : 1.0);
    y = at::conv2d(y, p.at("down" + number + ".weight"), {}, {2, 2}, {1, 1});
    if (level > 0 && level < deepest)
        y = norm("down_norm" + number, y);
    if (level < deepest)
        y = nested(p, level + 1, deepest, y);
    const auto up = level > 0 ? "up" + number : "latent_head";
    y = at::conv_transpose2d(at::relu(y), p.at(up + ".weight"), level > 0 ? Tensor() : p.at("latent_head.bias"), {2, 2},
                             {1, 1});
    return level > 0 ? at::cat({x, norm("up_norm" + number, y)}, 1) : at::tanh(y);
}

TEST(BrmrGenerator, ComputesPix2pixsUNet) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const UNetGenerator generator(6, 4, 5, true);
    auto parameters = parameters_of(generator);
    for (auto &[name, tensor] : parameters)
        tensor.add_(at::randn_like(tensor), 0.1);
    const auto x = at::rand({2, 6, 64, 96}) * 2 - 1;
    const auto expected = nested(parameters, 0, 4, x);
    EXPECT_GT(expected.std().item<float>(), 0.1);
    EXPECT_LT((generator.forward(x) - expected).abs().max().item<float>(), 1e-4);
}

// For corrections: biases where the normalisation was, and half of the features make half of the correction.
TEST(BrmrGenerator, CanDoWithoutNormalisation) {
    const torch::NoGradGuard no_grad;
    const UNetGenerator generator(3, 8, 8, false);
    const int64_t norms = 2 * (16 + 32 + 4 * 64) + 2 * (8 + 16 + 32 + 4 * 64);
    const int64_t biases = 8 + 16 + 32 + 5 * 64 + 8 + 16 + 32 + 4 * 64;
    EXPECT_EQ(count(generator), count(UNetGenerator(3, 8, 8, true)) - norms + biases);
    EXPECT_EQ(parameters_of(generator).count("up_norm1.weight"), 0u);
    const auto x = at::rand({1, 3, 256, 256}) * 2 - 1;
    const auto once = at::atanh(generator.forward(x)), half = at::atanh(generator.forward(x / 2));
    EXPECT_GT(once.std().item<float>(), 1e-3);
    EXPECT_LT((half - once / 2).abs().max().item<float>(), 1e-3 * once.std().item<float>()) << "biases begin with zero";
}

// z of Eq. 3: in training; a film would flicker by it.
TEST(BrmrGenerator, HasNoiseOnlyWhereGradientsAre) {
    at::manual_seed(1);
    const UNetGenerator generator(3, 4, 5, true);
    const auto x = at::rand({1, 3, 64, 64});
    EXPECT_FALSE(generator.forward(x).equal(generator.forward(x)));
    const torch::NoGradGuard no_grad;
    EXPECT_TRUE(generator.forward(x).equal(generator.forward(x)));
}

TEST(BrmrDiscriminator, HasPix2pixsLayersAndTwoClasses) {
    const Discriminator discriminator(1, 64);
    const auto parameters = parameters_of(discriminator);
    const int64_t channels[] = {6, 64, 128, 256, 512};
    for (int i = 1; i <= 4; ++i)
        EXPECT_EQ(parameters.at("conv" + std::to_string(i) + ".weight").sizes(),
                  at::IntArrayRef({channels[i], channels[i - 1], 4, 4}));
    EXPECT_EQ(parameters.at("weight").sizes(), at::IntArrayRef({2, 512}));
    EXPECT_EQ(count(discriminator), 2760640);
}

// The score of a class is w . F with F_k the mean of conv4's f_k; H^c(x,y) = sum over k of w_k^c f_k(x,y).
TEST(BrmrDiscriminator, FollowsEquation2) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const Discriminator discriminator(1, 8);
    const auto p = parameters_of(discriminator);
    const auto blurry = at::rand({2, 3, 64, 96}), picture = at::rand({2, 3, 64, 96});
    auto f = at::cat({blurry, picture}, 1) * 2 - 1;
    for (int i = 1; i <= 4; ++i) {
        const auto name = "conv" + std::to_string(i);
        const int64_t stride = i < 4 ? 2 : 1;
        f = at::leaky_relu(at::conv2d(f, p.at(name + ".weight"), p.at(name + ".bias"), {stride, stride}, {1, 1}), 0.2);
    }
    ASSERT_EQ(f.sizes(), at::IntArrayRef({2, 64, 7, 11}));
    const auto w = p.at("weight");
    const auto heat = at::einsum("ck,nkyx->ncyx", {w, f});
    const auto scores = at::einsum("ck,nk->nc", {w, f.mean({2, 3})});
    const auto verdict = discriminator.judge(blurry, picture);
    EXPECT_TRUE(verdict.heat.allclose(at::upsample_bilinear2d(heat, {64, 96}, false), 1e-4, 1e-5));
    const auto confidence = at::softmax(scores, 1);
    EXPECT_TRUE(verdict.sharp.exp().allclose(confidence.select(1, 0), 1e-4, 1e-6));
    EXPECT_TRUE(verdict.blurred.exp().allclose(confidence.select(1, 1), 1e-4, 1e-6));

    const auto map = blur_map(verdict);
    EXPECT_TRUE(map.allclose(1 / (1 + (-verdict.heat.narrow(1, 1, 1)).exp()), 1e-5, 1e-6));
    EXPECT_EQ(discriminator.judge(at::rand({1, 3, 1, 5}), at::rand({1, 3, 1, 5})).heat.sizes(),
              at::IntArrayRef({1, 2, 1, 5}));
}

// Of frames around the middle one, it sees what is different in them.
TEST(BrmrDiscriminator, SeesWhatMovesInTheWindow) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const Discriminator alone(1, 8), three(3, 8);
    const auto of_three = parameters_of(three);
    for (auto &[name, tensor] : parameters_of(alone)) { // the same, but for the neighbours' channels
        const Tensor &other = of_three.at(name);
        (tensor.dim() > 1 ? other.narrow(1, 0, tensor.size(1)) : other).copy_(tensor);
    }
    const auto b = at::rand({1, 3, 48, 64}), picture = at::rand({1, 3, 48, 64});
    const auto expected = alone.judge(b, picture).heat;
    EXPECT_TRUE(three.judge(at::cat({b, b, b}, 1), picture).heat.allclose(expected, 1e-4, 1e-5)) << "nothing moves";
    auto moved = b.clone();
    moved.narrow(3, 0, 16).add_(0.1);
    for (const auto &window : {at::cat({moved, b, b}, 1), at::cat({b, b, moved}, 1)}) {
        const auto difference = (three.judge(window, picture).heat - expected).abs().amax({0, 1, 2});
        EXPECT_GT(difference[4].item<double>(), 1e-3);
        EXPECT_LT(difference[63].item<double>(), 1e-5);
    }
}

TEST(BrmrGan, LossesAreThoseOfEquation3) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const ConditionalGan gan(1, 4, 5, true);
    const auto b = at::rand({2, 3, 32, 32}), s = at::rand({2, 3, 32, 32}), made = at::rand({2, 3, 32, 32});
    const auto confidence = [&](const Tensor &y) { return gan.judge(b, y).sharp.exp(); };
    const auto real = confidence(s).log(), fake = (1 - confidence(made)).log(), blurry = (1 - confidence(b)).log();
    const auto blur = at::rand({2, 1, 32, 32}) * 9; // pixels, of which 6 are full blur
    const auto map = [&](const Tensor &y) { return gan.judge(b, y).heat.narrow(1, 1, 1).sigmoid(); };
    const auto where = (blur / 6).clamp(0, 1) * map(b).log() + (1 - (blur / 6).clamp(0, 1)) * (1 - map(b)).log();
    const auto still = (blur * remaining_error(made, b, s) / 6).clamp(0, 1);
    const auto where_still = still * map(made).log() + (1 - still) * (1 - map(made)).log();
    EXPECT_NEAR(gan.discriminator_loss(b, s, made, blur).item<double>(),
                -((real + fake / 2 + blurry / 2).mean() + (where + where_still).mean() / 2 + (1 - map(s)).log().mean())
                     .item<double>(),
                1e-4);
    EXPECT_NEAR(gan.generator_loss(b, made).item<double>(), -confidence(made).log().mean().item<double>() / 100, 1e-6);
}

// What is left of the error, around each pixel.
TEST(BrmrGan, RemainingErrorIsThatOfTheNeighbourhood) {
    const auto sharp = at::full({1, 3, 40, 80}, 0.5), blurry = sharp + 0.2;
    auto restored = sharp.clone();
    restored.narrow(3, 0, 40).add_(0.1); // the left half is half restored, the other one wholly
    const auto left = remaining_error(restored, blurry, sharp);
    EXPECT_EQ(left.sizes(), at::IntArrayRef({1, 1, 40, 80}));
    EXPECT_NEAR(left[0][0][20][10].item<double>(), 0.5, 1e-3);
    EXPECT_LT(left[0][0][20][70].item<double>(), 0.03);
    EXPECT_NEAR(left[0][0][20][46].item<double>(), 0.5 * std::sqrt(2.0 / 17), 0.01) << "2 of 17 columns";
    EXPECT_NEAR(remaining_error(sharp, sharp, sharp).min().item<double>(), 1, 1e-6) << "nothing is known";
    EXPECT_EQ(remaining_error(sharp + 0.4, blurry, sharp).max().item<double>(), 1);
}

// Half grey is 0 of [-1, 1], and without biases 0 stays 0.
TEST(BrmrGan, SeesPicturesFromMinusOneToOne) {
    const torch::NoGradGuard no_grad;
    ConditionalGan gan(1, 4, 5, true);
    for (auto &item : gan.named_parameters())
        if (item.key().find("bias") != std::string::npos)
            item.value().zero_();
    const auto grey = at::full({1, 3, 32, 32}, 0.5f);
    EXPECT_TRUE(gan.restore(grey, at::kFloat).equal(grey));
    EXPECT_FALSE((gan.restore(grey + 0.1, at::kFloat) - 0.1).allclose(grey));
}

TEST(BrmrGan, MakesThePictureOrItsCorrection) {
    const torch::NoGradGuard no_grad;
    const auto blurry = at::rand({1, 3, 20, 30});
    const ConditionalGan paper(1, 4, 5, false), ours(1, 4, 5, true);
    EXPECT_LT((paper.restore(blurry, at::kFloat) - 0.5).abs().max().item<float>(), 0.1);
    EXPECT_LT((ours.restore(blurry, at::kFloat) - blurry).abs().max().item<float>(), 0.1);
}

// The confidence rises with what pGAN does, which is to make brighter, or falls.
void set_opinion(Network &network, double sign) {
    const torch::NoGradGuard no_grad;
    for (auto &[name, tensor] : named_parameters(network)) {
        Tensor parameter = tensor;
        if (name.rfind("image.discriminator.", 0) == 0) // the mean of the picture is how sharp it is
            parameter.zero_();
        if (name.rfind("image.discriminator.conv", 0) == 0 && parameter.dim() == 4) {
            const bool sees_pictures = name == "image.discriminator.conv1.weight"; // the blurry one, this one, what moves
            const int64_t first = sees_pictures ? 3 : 0, count = sees_pictures ? 3 : parameter.size(1);
            parameter.narrow(1, first, count).fill_(1.0 / static_cast<double>(16 * count));
        }
        if (name == "image.discriminator.weight")
            parameter[0].fill_(sign);
        if (name.rfind("patch.generator.latent_head.", 0) == 0)
            parameter.fill_(parameter.dim() == 1 ? 0.1 : 0.0);
    }
}

FrameTruth truth_of(int64_t side) {
    FrameTruth truth;
    truth.sharp = at::rand({1, 3, side, side});
    truth.blurry = at::rand({1, 3, side, side});
    truth.blur = at::rand({1, 1, side, side}) * 9;
    return truth;
}

// Discriminators that know nothing say one half of everything. Eq. 5, divided by lambda = 100.
TEST(Brmr, LearnsByEquations3To5) {
    at::manual_seed(1);
    Brmr network({"brmr", 0});
    {
        const torch::NoGradGuard no_grad;
        for (auto &[name, tensor] : named_parameters(network))
            if (name.find("discriminator.weight") != std::string::npos || name.find("latent_head") != std::string::npos)
                Tensor(tensor).zero_(); // pGAN leaves patches as they are
    }
    const auto truth = truth_of(64);
    const auto result = network.step(truth.blurry, {});
    const auto restored = truth.blurry + result.correction;
    EXPECT_NEAR(network.objective(result, truth).item<double>(), at::l1_loss(restored, truth.sharp).item<double>(), 1e-5);
    EXPECT_NEAR(network.deception(result, truth).item<double>(), 2 * std::log(2) / 100, 1e-5);
    EXPECT_NEAR(network.loss(result, truth).item<double>(), 2 * (2 + 2) * std::log(2), 1e-5); // words and maps

    auto brighter = result; // pGAN learns from iGAN's pictures, not from the blurry ones
    brighter.correction = truth.sharp + 0.25 - truth.blurry;
    EXPECT_NEAR(network.objective(brighter, truth).item<double>(), 0.25, 1e-5);
    auto other = truth;
    other.distance = [](const Tensor &a, const Tensor &b) { return (a - b).square().mean(); };
    EXPECT_NEAR(network.objective(brighter, other).item<double>(), 0.0625, 1e-5);
}

// Dark is what its discriminator takes for blurred: pGAN learns from the three darkest windows of nine.
TEST(Brmr, LearnsFromTheMostBlurredWindows) {
    Brmr network({"brmr", 0});
    set_opinion(network, 0);
    auto sharp = at::full({1, 3, 256, 256}, 0.8);
    sharp.narrow(2, 0, 64).fill_(0.55);
    {
        const torch::NoGradGuard no_grad;
        for (auto &[name, tensor] : named_parameters(network))
            if (name == "image.discriminator.weight")
                Tensor(tensor)[1].fill_(-0.01);
            else if (name.rfind("patch.generator.latent_head.", 0) == 0)
                Tensor(tensor).zero_();
    }
    const FrameTruth truth{sharp, at::zeros({1, 1, 256, 256}), {}, sharp};
    StepResult result;
    result.outputs = {sharp};
    result.correction = at::zeros_like(sharp);
    result.correction.narrow(2, 0, 128).fill_(0.1); // the dark windows are wrong by 0.1, the others nowhere or in part
    EXPECT_NEAR(network.objective(result, truth).item<double>(), 0.1, 1e-5);
}

// What flickers can only be seen, and so unlearnt, where the same place is refined in all frames.
TEST(Brmr, RefinesTheSameRegionsInAllFramesOfALesson) {
    Brmr network({"brmr", 0});
    set_opinion(network, 0);
    {
        const torch::NoGradGuard no_grad;
        for (auto &[name, tensor] : named_parameters(network))
            if (name == "image.discriminator.weight")
                Tensor(tensor)[1].fill_(-0.01); // dark is blurred; pGAN adds nearly 0.1
    }
    const auto bright = at::full({1, 3, 256, 256}, 0.8);
    auto top = bright.clone(), bottom = bright.clone();
    top.narrow(2, 0, 128).fill_(0.5);
    bottom.narrow(2, 128, 128).fill_(0.4);
    top.requires_grad_();
    const auto regions = network.refine_most_blurred({{bright, top, bright}, {bright, bottom, bright}});
    EXPECT_EQ(regions.refined.sizes(), (std::vector<int64_t>{3, 2, 3, 128, 128}));
    EXPECT_EQ(regions.sharp.sizes(), regions.refined.sizes());
    EXPECT_TRUE(at::allclose(regions.refined.select(1, 0), at::full({3, 3, 128, 128}, 0.6), 0, 1e-3));
    EXPECT_TRUE(at::allclose(regions.refined.select(1, 1), at::full({3, 3, 128, 128}, 0.9), 0, 1e-3)) << "mined in the first";
    regions.refined.sum().backward();
    EXPECT_FALSE(top.grad().defined());
    EXPECT_GT(named_parameters(network).at("patch.generator.latent_head.bias").grad().abs().sum().item<double>(), 0);
}

// The neighbours of the paper's single picture.
TEST(Brmr, RefinesAPatchWithItsNeighbours) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    Brmr network({"brmr", 1});
    set_opinion(network, 1);
    for (auto &[name, tensor] : named_parameters(network))
        if (name == "patch.generator.latent_head.weight")
            Tensor(tensor).normal_(0, 0.1);
    const auto window = at::rand({1, 9, 128, 128}) * 0.5 + 0.25, picture = window.narrow(1, 3, 3) + 0.1;
    const auto made = [&](const Tensor &seen) { return network.refine(seen, picture, {}, 1).picture; };
    auto moved = window.clone(), blurrier = window.clone();
    moved.narrow(1, 6, 3).add_(0.1);
    blurrier.narrow(1, 3, 3).add_(0.1);
    EXPECT_GT((made(moved) - made(window)).abs().max().item<double>(), 1e-3);
    EXPECT_TRUE(made(blurrier).equal(made(window))) << "in its place is what was restored";
}

TEST(Brmr, TheAdversaryLearnsItsOwnParametersAlone) {
    at::manual_seed(1);
    Brmr network({"brmr", 0});
    ASSERT_EQ(network.adversary(), &network);
    const auto truth = truth_of(64);
    network.loss(network.step(truth.blurry, {}), truth).backward();
    for (const auto &[name, tensor] : named_parameters(network)) {
        const bool is_discriminators =
            name.rfind("image.discriminator.", 0) == 0 || name.rfind("patch.discriminator.", 0) == 0;
        EXPECT_EQ(network.owns(name), is_discriminators) << name;
        EXPECT_EQ(tensor.grad().defined(), is_discriminators) << name;
    }
    EXPECT_EQ(make_network({"strcnn_dtb"})->adversary(), nullptr);
}

TEST(Brmr, WidthIsPartOfTheWeights) {
    NetworkConfig config{"brmr", 0};
    EXPECT_EQ(config_to_metadata(config).count("width"), 0u);
    config.width = 12;
    const auto stored = config_from_metadata(config_to_metadata(config));
    EXPECT_EQ(stored.width, 12);
    EXPECT_EQ(named_parameters(*make_network(stored)).at("image.generator.down0.weight").size(0), 12);
    EXPECT_EQ(named_parameters(*make_network({"brmr", 0})).at("image.generator.down0.weight").size(0), 8);
    for (const char *wrong : {"0", "257", "8.5", "eight", "-8"})
        EXPECT_THROW(config_from_metadata(
                         {{"architecture", "brmr"}, {"window", "0"}, {"residual", "true"}, {"width", wrong}}),
                     std::invalid_argument)
            << wrong;
}

TEST(Brmr, StepMinesRefinesAndAsksTheDiscriminator) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    Brmr network({"brmr", 0});
    const auto window = at::rand({2, 3, 160, 200}) * 0.5 + 0.25;
    network.set_passes(0);
    const auto alone = network.step(window, {});
    EXPECT_TRUE(alone.state.empty());
    EXPECT_EQ(alone.map.sizes(), at::IntArrayRef({2, 1, 160, 200}));

    network.set_passes(1);
    set_opinion(network, -1);
    EXPECT_TRUE(network.step(window, {}).correction.equal(alone.correction)) << "nothing became sharper";
    set_opinion(network, 1);
    const auto refined = network.step(window, {});
    EXPECT_EQ(refined.state.size(), 1u);
    EXPECT_EQ(refined.state[0].sizes(), at::IntArrayRef({2, 2, 2 * 3}));
    const auto change = (refined.correction - alone.correction).amax({1, 2, 3});
    EXPECT_NEAR(change[0].item<double>(), std::tanh(0.1), 1e-5);
    EXPECT_NEAR(change[1].item<double>(), std::tanh(0.1), 1e-5);
}

// Here dark is blurred, and what pGAN makes brighter is sharper.
TEST(Brmr, RefinesWhereTheMapOfBlurSays) {
    const torch::NoGradGuard no_grad;
    Brmr network({"brmr", 0});
    set_opinion(network, 0);
    for (auto &[name, tensor] : named_parameters(network))
        if (name == "image.discriminator.weight")
            Tensor(tensor)[1].fill_(-0.01);
    auto picture = at::full({1, 3, 160, 200}, 0.8);
    picture.slice(2, 96).slice(3, 120).fill_(0.6);
    const auto change = network.refine(picture, picture, {}, 1).picture - picture;
    EXPECT_GT(change[0][0][159][199].item<double>(), 0.09);
    EXPECT_EQ(change[0][0][0][0].item<double>(), 0);
}

// Behind another network, whose pictures need not stay within [0, 1].
TEST(RefinementStage, RefinesWhatAnotherNetworkMade) {
    const torch::NoGradGuard no_grad;
    at::manual_seed(1);
    const auto refiner = make_network({"brmr", 0});
    const auto blurry = at::rand({1, 3, 160, 200}) * 0.5 + 0.25;
    const auto correction = at::randn({1, 3, 160, 200}) * 0.2;
    set_opinion(*refiner, -1);
    RefinementStage refused(refiner, 1);
    EXPECT_TRUE(refused.apply({blurry}, correction).equal(correction)) << "nothing became sharper";

    set_opinion(*refiner, 1);
    RefinementStage one(refiner, 1), all(refiner, 64);
    const double window = 128.0 * 128 / (160 * 200);
    const auto first = one.apply({blurry}, correction) - correction;
    EXPECT_EQ(first.min().item<double>(), 0);
    EXPECT_NEAR(first.max().item<double>(), std::tanh(0.1), 1e-5);
    EXPECT_NEAR((first > 0).to(at::kFloat).mean().item<double>(), window, 0.05);
    const auto whole = all.apply({blurry}, correction) - correction;
    EXPECT_NEAR(whole.min().item<double>(), std::tanh(0.1), 1e-5);
    EXPECT_NEAR(whole.max().item<double>(), std::tanh(0.1), 1e-5);

    // A sequence has a memory: windows fade in, but for those of its first frame.
    const auto change = [&](RefinementStage &stage) {
        return (stage.apply({blurry}, correction) - correction).max().item<double>();
    };
    EXPECT_NEAR(change(refused), std::tanh(0.1) / 4, 1e-5);
    EXPECT_NEAR(change(refused), std::tanh(0.1) / 2, 1e-5);
    refused.reset();
    EXPECT_NEAR(change(refused), std::tanh(0.1), 1e-5);
    EXPECT_THROW(RefinementStage(make_network({"cnn", 0}), 1), std::invalid_argument);
}

// Remembers what it was shown.
class Witness : public Network, public RegionRefiner {
  public:
    explicit Witness(int m) : Network({"witness", m}) {}
    StepResult step(const Tensor &, const State &) override { return {}; }
    int64_t size_multiple() const override { return 1; }
    double macs_per_pixel() const override { return 0; }
    const RegionRefiner *region_refiner() const override { return this; }
    Refinement refine(const Tensor &window, const Tensor &picture, const Tensor &, int) const override {
        seen = window;
        return {picture, {}};
    }
    RefinedRegions refine_most_blurred(const std::vector<RestoredFrame> &) const override { return {}; }
    mutable Tensor seen;
};

// The refiner's m need not be that of the network before it.
TEST(RefinementStage, ShowsAsMuchOfTheWindowAsThereIs) {
    std::vector<Tensor> frames;
    for (int i = 0; i < 5; ++i)
        frames.push_back(at::full({1, 3, 4, 4}, 0.1 * i));
    const auto shown = [&](int m, const std::vector<Tensor> &window) {
        const auto witness = std::make_shared<Witness>(m);
        RefinementStage(witness, 1).apply(window, at::zeros({1, 3, 4, 4}));
        return witness->seen;
    };
    EXPECT_TRUE(shown(0, frames).equal(frames[2]));
    EXPECT_TRUE(shown(1, frames).equal(at::cat({frames[1], frames[2], frames[3]}, 1)));
    EXPECT_TRUE(shown(2, {frames[0], frames[1], frames[2]})
                    .equal(at::cat({frames[0], frames[0], frames[1], frames[2], frames[2]}, 1)));
}

// Positions of a layer's output, or of a transposed convolution's input, by pixel of the picture.
TEST(Brmr, CostsWhatTheCardSays) {
    const auto generator = [](int levels) {
        const double c[] = {8, 16, 32, 64, 64, 64, 64, 64};
        double sum = 0, positions = 1;
        for (int i = 0; i < levels; ++i) {
            positions /= 4;
            sum += positions * 16 * (i > 0 ? c[i - 1] : 3) * (c[i] + (i < levels - 1 ? 2 : 1) * c[i]);
        }
        return sum;
    };
    const double discriminator = 16 * (6 * 8 / 4.0 + 8 * 16 / 16.0 + (16 * 32 + 32 * 64) / 64.0) + 2 * 64 / 64.0;
    const double expected = generator(8) + 5 * discriminator + 3 * generator(7) * 128 * 128 / (640 * 480);
    EXPECT_NEAR(make_network({"brmr", 0})->macs_per_pixel(), expected, 0.01);
    EXPECT_NEAR(expected / 1e3, 6.77, 0.01);
}

} // namespace
} // namespace deblur
