// The training loop: it learns, it repeats itself, it resumes exactly.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/trainer.h"

#include <cmath>
#include <map>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "network/registry.h"
#include "temporary_folder.h"
#include "torch/network_file.h"
#include "training/dead_leaves.h"
#include "training/restore.h"
#include "training/warm_start.h"
#include "weights/safetensors.h"

namespace deblur {
namespace {

TrainOptions small_options() {
    TrainOptions options;
    options.rate.steps = 40;
    options.rate.warmup = 2;
    options.stages = {{0, 2, 1, 32}};
    options.precision = at::kFloat;
    options.data.compressed = 0; // H.264 of the same few tiny frames is not always the same bits
    return options;
}

Trainer make_trainer(const TrainOptions &options, const std::string &architecture = "strcnn_dtb_fast") {
    at::manual_seed(3);
    return Trainer(make_network({architecture, 1, true}), std::make_shared<DeadLeaves>(), options);
}

// Also with an adversary and its optimiser, and with dropout.
class Resuming : public testing::TestWithParam<const char *> {};

INSTANTIATE_TEST_SUITE_P(Trainer, Resuming, testing::Values("strcnn_dtb_fast", "brmr"));

TEST_P(Resuming, IsExact) {
    const TemporaryFolder folder;
    const auto path = folder / "checkpoint.safetensors";
    auto options = small_options();
    options.uses = 2;
    options.reset_chance = 0.5;
    options.truncate = 2;
    options.stages.push_back({0.1, 3, 2, 32}); // begins with the fifth step
    auto whole = make_trainer(options, GetParam());
    for (int i = 0; i < 5; ++i)
        whole.step();

    auto first = make_trainer(options, GetParam());
    for (int i = 0; i < 3; ++i)
        first.step();
    first.save(path);
    auto second = make_trainer(options, GetParam());
    at::rand({7}); // whatever was drawn before
    second.resume(path);
    EXPECT_EQ(second.progress().step, 3);
    second.step();
    const auto report = second.step();

    EXPECT_EQ(report.step, 5);
    for (const auto &[name, value] : whole.progress().average)
        EXPECT_TRUE(value.equal(second.progress().average.at(name))) << name;
}

TensorMap copy_of(const Network &network) {
    TensorMap copy;
    for (const auto &[name, tensor] : named_parameters(network))
        copy.emplace(name, tensor.detach().clone());
    return copy;
}

TEST(Trainer, AnAdversaryLearnsByItsOwnOptimiser) {
    auto options = small_options();
    for (const double rate : {0.0, 1e-3}) {
        options.adversary_rate = rate;
        at::manual_seed(3);
        const auto network = make_network({"brmr", 0, true});
        const auto before = copy_of(*network);
        Trainer(network, std::make_shared<DeadLeaves>(), options).step();
        for (const auto &[name, tensor] : named_parameters(*network)) {
            if (name.find(".weight") == std::string::npos) // biases may have no gradient yet
                continue;
            const bool stays = network->adversary()->owns(name) && rate == 0;
            EXPECT_EQ(tensor.equal(before.at(name)), stays) << name << " at a rate of " << rate;
        }
    }
}

// Parts of a network whose learning is for themselves, and an adversary that learns or not.
TEST(Trainer, TeachesOnlyWhatItIsTold) {
    for (const char *only : {"image.", "image.generator.", "patch.generator.", "image.discriminator.", "patch."}) {
        auto options = small_options();
        options.only = {only};
        at::manual_seed(3);
        const auto network = make_network({"brmr", 0, true});
        const auto before = copy_of(*network);
        Trainer trainer(network, std::make_shared<DeadLeaves>(), options);
        EXPECT_GT(trainer.step().loss, 0);
        for (const auto &[name, tensor] : named_parameters(*network))
            if (name.find(".weight") != std::string::npos) { // biases may have no gradient yet
                EXPECT_EQ(!tensor.equal(before.at(name)), name.rfind(only, 0) == 0) << name << " of " << only;
            }
    }
    auto options = small_options();
    options.only = {"adversary."};
    EXPECT_THROW(make_trainer(options, "cnn"), std::invalid_argument);
}

TEST(Trainer, GoesOnWithAPart) {
    const TemporaryFolder folder;
    const auto path = folder / "checkpoint.safetensors";
    auto options = small_options();
    options.only = {"image.discriminator."};
    auto whole = make_trainer(options, "brmr");
    whole.step();
    whole.save(path);
    whole.step();
    auto second = make_trainer(options, "brmr");
    second.resume(path);
    second.step();
    for (const auto &[name, value] : whole.progress().average)
        EXPECT_TRUE(value.equal(second.progress().average.at(name))) << name;
    options.only = {"image."};
    EXPECT_THROW(make_trainer(options, "brmr").resume(path), std::invalid_argument) << "the generator has no moments";
}

TEST(Trainer, RefusesAnotherNetworksCheckpoint) {
    const TemporaryFolder folder;
    const auto path = folder / "checkpoint.safetensors";
    make_trainer(small_options()).save(path);
    Trainer other(make_network({"strcnn", 1, true}), std::make_shared<DeadLeaves>(),
                  small_options());
    EXPECT_THROW(other.resume(path), std::invalid_argument);
}

TEST(Trainer, LearnsOneClipByHeart) {
    for (const bool muon : {true, false}) {
        auto options = small_options();
        options.rate.steps = 60;
        options.optimizer.muon = muon;
        options.data.speed = 4;
        options.data.frames = 2;
        options.data.height = options.data.width = 32;
        const Dataset data(std::make_shared<DeadLeaves>(), options.data);
        const auto [blurry, sharp] = data.batch(0, 1);
        at::manual_seed(3);
        const auto network = make_network({"strcnn_dtb_fast", 1, true});
        Optimizer optimizer(*network, options.optimizer);
        double first = 0, last = 0;
        for (int i = 0; i < options.rate.steps; ++i) {
            const auto loss = restoration_loss(unroll(*network, blurry), sharp, {"charbonnier", 0});
            loss.backward();
            optimizer.step(1);
            (i == 0 ? first : last) = loss.item<double>();
        }
        EXPECT_LT(last, 0.7 * first) << (muon ? "Muon" : "Adam");
    }
}

// With its objective: the picture and the map of where it is blurred.
TEST(Trainer, BladeNetLearnsOneClipAndItsMapByHeart) {
    auto options = small_options();
    options.data.scenes = Scenes::Local;
    options.data.speed = 6;
    options.data.frames = 2;
    options.data.height = options.data.width = 48;
    const Dataset data(std::make_shared<DeadLeaves>(), options.data);
    const auto clip = data.clip(3);
    at::manual_seed(3);
    const auto network = make_network({"bladenet", 1, true});
    Optimizer optimizer(*network, options.optimizer);
    double first = 0, last = 0, first_map = 0, last_map = 0;
    for (int i = 0; i < 60; ++i) {
        State state;
        torch::Tensor objective = at::zeros({});
        const auto restored = unroll(*network, clip.blurry.unsqueeze(0), 0, 2, state,
                                     [&](int64_t n, const StepResult &result) {
                                         const FrameTruth truth{clip.sharp[n].unsqueeze(0), clip.blur[n].unsqueeze(0),
                                                                clip.foreground[n].unsqueeze(0)};
                                         objective = objective + network->objective(result, truth);
                                     });
        const auto loss = restoration_loss(restored, clip.sharp.unsqueeze(0), {"charbonnier", 0});
        (loss + objective).backward();
        optimizer.step(1);
        (i == 0 ? first : last) = loss.item<double>();
        (i == 0 ? first_map : last_map) = objective.item<double>();
    }
    EXPECT_LT(last, 0.8 * first);
    EXPECT_LT(last_map, 0.6 * first_map);
}

TEST(Trainer, TheObjectiveIsPartOfTheLoss) {
    auto options = small_options();
    options.data.scenes = Scenes::Local;
    at::manual_seed(3);
    const auto blade = make_network({"bladenet", 1, true});
    const auto backbone = make_network({"strcnn_dtb_fast", 1, true});
    warm_start(*blade, named_parameters(*backbone), backbone->config());
    const auto sources = std::make_shared<DeadLeaves>();
    const double with = Trainer(blade, sources, options).step().loss;
    const double without = Trainer(backbone, sources, options).step().loss;
    EXPECT_NEAR(with - without, 0.05 * std::log(2), 0.003); // cross entropy of a map that is 1/2 everywhere
}

// The first steps are the attention's; then everything learns.
TEST(Trainer, PretrainsWhatIsLearntFirst) {
    auto options = small_options();
    options.data.scenes = Scenes::People;
    options.pretrain = 2;
    at::manual_seed(3);
    NetworkConfig config{"human", 0};
    config.width = 4;
    const auto network = make_network(config);
    std::map<std::string, torch::Tensor> before;
    for (const auto &[name, tensor] : named_parameters(*network))
        before[name] = tensor.detach().clone();
    Trainer trainer(network, std::make_shared<DeadLeaves>(), options);
    auto data = options.data;
    data.frames = 2;
    data.height = data.width = 32;
    const auto clip = ClipStream(Dataset(std::make_shared<DeadLeaves>(), data), 1, 1, data.seed).batch(0);
    const auto people = (clip.foreground[0] > 0.5).to(at::kFloat);
    double expected = 0; // of a map that is a fifth, at each scale
    for (const int64_t factor : {1, 2, 4})
        expected += (at::avg_pool2d(people, {factor, factor}) - 0.2).square().mean().item<double>();
    EXPECT_NEAR(trainer.step().loss, expected, 0.05 * expected);
    trainer.step();
    for (const auto &[name, tensor] : named_parameters(*network))
        EXPECT_EQ(tensor.equal(before.at(name)), name.rfind("attention.", 0) != 0) << name;
    trainer.step();
    for (const auto &[name, tensor] : named_parameters(*network))
        EXPECT_FALSE(tensor.equal(before.at(name))) << name;

    EXPECT_THROW(make_trainer(options).step(), std::invalid_argument); // strcnn_dtb_fast has no such part
}

TEST(Trainer, TruncationLeavesTheLossAndShortensTheGradient) {
    auto options = small_options();
    options.stages = {{0, 4, 1, 32}};
    const double whole_loss = make_trainer(options).step().loss;
    options.truncate = 2;
    const auto truncated = make_trainer(options).step();
    EXPECT_NEAR(truncated.loss, whole_loss, 1e-5);
    options.truncate = 4;
    EXPECT_NE(make_trainer(options).step().gradient_norm, truncated.gradient_norm);
}

TEST(Trainer, ExportsWhatTheEngineReads) {
    const TemporaryFolder folder;
    const auto path = folder / "weights.safetensors";
    auto trainer = make_trainer(small_options());
    trainer.step();
    trainer.export_weights(path, {{"steps", "1"}});
    EXPECT_EQ(read_safetensors(path).metadata.at("steps"), "1");
    EXPECT_NO_THROW(network_of(read_network_file(path)));
}

TEST(Optimizer, LeavesParametersAloneWhenTheGradientIsNotFinite) {
    const auto network = make_network({"strcnn_dtb_fast", 1, true});
    Optimizer optimizer(*network, {});
    const auto before = named_parameters(*network).at("stem.weight").clone();
    for (const auto &[name, parameter] : named_parameters(*network))
        parameter.mutable_grad() = at::full_like(parameter, NAN);
    EXPECT_TRUE(std::isnan(optimizer.step(1)));
    EXPECT_TRUE(named_parameters(*network).at("stem.weight").equal(before));
}

// Singular values: all near 1, and the singular vectors stay, so that U V^T of the update is that of the matrix.
TEST(Optimizer, OrthogonalisesInEitherPrecision) {
    at::manual_seed(4);
    for (const auto &matrix : {at::randn({48, 200}), at::randn({200, 48}) * 1e-4}) {
        const auto [u, s, v] = at::linalg_svd(matrix, false);
        const auto nearest = u.mm(v);
        for (const auto type : {at::kFloat, at::kBFloat16}) {
            const auto result = orthogonalise(matrix, type);
            ASSERT_EQ(result.scalar_type(), at::kFloat);
            const auto values = at::linalg_svdvals(result);
            EXPECT_GT(values.min().item<double>(), 0.6) << type;
            EXPECT_LT(values.max().item<double>(), 1.3) << type;
            const auto cosine = (result * nearest).sum() / (result.norm() * nearest.norm());
            EXPECT_GT(cosine.item<double>(), 0.97) << type;
        }
    }
}

// pGAN learns from a restorer's pictures, and is validated by them; nothing else moves.
TEST(Trainer, RefinersLearnFromOthersPictures) {
    auto options = small_options();
    options.only = {"patch.generator"};
    at::manual_seed(4);
    options.restorers = {make_network({"strcnn_dtb_fast", 1, true}), make_network({"cnn", 0, true})};
    options.loss = {"mse", 0};
    options.loss.steadiness = 1;
    options.optimizer.adam_rate = options.optimizer.muon_rate = 2e-3;
    auto trainer = make_trainer(options, "brmr");
    const auto sequences = synthetic_sequences(Dataset(std::make_shared<DeadLeaves>(), options.data), 1);
    const double before = trainer.validate(sequences);
    const auto first = trainer.progress().average;
    TensorMap begin;
    for (const auto &[name, tensor] : first)
        begin.emplace(name, tensor.clone());
    for (int i = 0; i < 4; ++i)
        EXPECT_GT(trainer.step().loss, 0);
    for (const auto &[name, tensor] : trainer.progress().average)
        EXPECT_EQ(tensor.equal(begin.at(name)), name.rfind("patch.generator.", 0) != 0) << name;
    EXPECT_NE(trainer.validate(sequences), before);
    const double restored = visible_psnr(restored_sequence(*options.restorers[0], sequences[0].blurry), sequences[0]);
    EXPECT_NEAR(before, restored, 0.5) << "an untrained refiner does little to the first one's pictures";
}

TEST(Trainer, RefinersAloneLearnFromOthersPictures) {
    auto options = small_options();
    options.restorers = {make_network({"cnn", 0, true})};
    EXPECT_THROW(make_trainer(options, "strcnn_dtb_fast"), std::invalid_argument);
    EXPECT_THROW(make_trainer(options, "brmr"), std::invalid_argument) << "its adversary would learn";
}

} // namespace
} // namespace deblur
