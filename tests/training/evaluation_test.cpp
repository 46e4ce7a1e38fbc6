// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/evaluation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "media/picture_file.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "temporary_folder.h"
#include "training/metrics.h"
#include "training/report.h"
#include "training/restore.h"

namespace deblur {
namespace {

constexpr int64_t kFrames = 4;

// What opens a sequence of count equal frames.
std::function<PairReader()> repeated(const FramePair &pair, int count) {
    return [=]() -> PairReader {
        return [=, n = 0]() mutable { return n++ < count ? std::optional(pair) : std::nullopt; };
    };
}

NetworkPtr random_network(int window) {
    NetworkConfig config;
    config.window = window;
    return make_network(config);
}

NetworkPtr idle_network() {
    const auto network = random_network(2);
    const torch::NoGradGuard no_grad;
    for (auto &parameter : network->parameters())
        parameter.zero_();
    return network;
}

// Two sequences "a" and "b" of noise, the blurry frames a mix with other noise.
class EvaluationTest : public testing::Test {
  protected:
    EvaluationTest() {
        at::manual_seed(7);
        for (const std::string name : {"a", "b"})
            for (int64_t n = 0; n < kFrames; ++n) {
                const auto sharp = at::rand({40, 52, 3});
                const auto blurry = at::lerp(sharp, at::rand_like(sharp), 0.1 * (n + 1));
                write(name + "/sharp", n, sharp);
                write(name + "/blur", n, blurry);
            }
    }

    void write(const std::string &subfolder, int64_t n, const torch::Tensor &picture) {
        std::filesystem::create_directories(folder_ / subfolder);
        write_picture(folder_ / (subfolder + "/" + std::to_string(n) + ".png"),
                      picture.mul(255).to(at::kByte));
    }

    std::vector<SequenceSource> sources() {
        std::vector<SequenceSource> sources;
        for (const auto &files : list_sequences(folder_.path()))
            sources.push_back(file_source(files));
        return sources;
    }

    Evaluation run(const std::vector<Contestant> &contestants, EvaluationOptions options = {}) {
        return evaluate(sources(), contestants, options, [](size_t, int64_t) {});
    }

    TemporaryFolder folder_;
};

TEST_F(EvaluationTest, AgreesWithTheSequencesInMemory) {
    const auto network = random_network(1);
    const auto evaluation = run({{"input", nullptr}, {"network", network}});
    const auto sequences = read_sequences(folder_.path());
    ASSERT_EQ(evaluation.sequences.size(), 2u);
    double mean = 0;
    for (size_t i = 0; i < 2; ++i) {
        const auto &result = evaluation.sequences[i];
        EXPECT_EQ(result.name, sequences[i].name);
        EXPECT_EQ(result.frames, kFrames);
        double psnr_sum = 0, ssim_sum = 0;
        const auto restored = restored_sequence(*network, sequences[i].blurry);
        ASSERT_EQ(restored.size(), static_cast<size_t>(kFrames));
        for (size_t n = 0; n < restored.size(); ++n) {
            const auto &sharp = sequences[i].sharp[n];
            EXPECT_NEAR(result.psnr[1][n], psnr(restored[n], sharp), 1e-9);
            psnr_sum += psnr(restored[n], sharp);
            ssim_sum += ssim(restored[n], sharp);
        }
        EXPECT_NEAR(result.scores[1].psnr, psnr_sum / kFrames, 1e-9);
        EXPECT_NEAR(result.scores[1].ssim, ssim_sum / kFrames, 1e-9);
        mean += result.scores[1].psnr / 2;
    }
    EXPECT_NEAR(evaluation.means()[1].psnr, mean, 1e-9);
    EXPECT_NEAR(evaluation.means()[0].psnr, blurry_psnr(sequences), 1e-9);
}

TEST_F(EvaluationTest, AnIdleNetworkIsTheInput) {
    EvaluationOptions options;
    options.sharp_input = true;
    const auto evaluation = run({{"input", nullptr}, {"idle", idle_network()}}, options);
    for (const auto &sequence : evaluation.sequences) {
        EXPECT_EQ(sequence.psnr[0], sequence.psnr[1]);
        EXPECT_EQ(sequence.scores[0].warping, sequence.scores[1].warping);
        EXPECT_EQ(sequence.scores[0].motion_error, sequence.scores[1].motion_error);
        EXPECT_FALSE(sequence.scores[0].sharp_psnr);
        EXPECT_EQ(*sequence.scores[1].sharp_psnr, kIdenticalPsnr);
    }
}

TEST_F(EvaluationTest, ASharpClipHasNoError) {
    const SequenceFiles files{"sharp", folder_ / "a/sharp", folder_ / "a/sharp"};
    const auto evaluation =
        evaluate({file_source(files)}, {{"input", nullptr}}, {}, [](size_t, int64_t) {});
    const auto &scores = evaluation.sequences[0].scores[0];
    EXPECT_EQ(scores.psnr, kIdenticalPsnr);
    EXPECT_NEAR(*scores.warping, 1, 1e-9);
    EXPECT_EQ(*scores.motion_error, 0);
}

TEST_F(EvaluationTest, TheExampleIsTheBlurriestFrame) {
    const auto evaluation = run({{"input", nullptr}, {"network", random_network(3)}});
    for (const auto &sequence : evaluation.sequences) {
        const auto &example = sequence.example;
        EXPECT_EQ(example.frame, kFrames - 1);
        const auto path =
            folder_ / (sequence.name + "/blur/" + std::to_string(kFrames - 1) + ".png");
        EXPECT_TRUE(example.restored[0].equal(read_picture(path)));
        const auto restored = pixels_to_frame(example.restored[1]);
        EXPECT_NEAR(psnr(restored, pixels_to_frame(example.sharp)), sequence.psnr[1].back(), 1e-9);
    }
}

TEST_F(EvaluationTest, ReadsNoMoreFramesThanAsked) {
    EvaluationOptions options;
    options.max_frames = 2;
    for (const auto &sequence : run({{"input", nullptr}}, options).sequences)
        EXPECT_EQ(sequence.frames, 2);
}

TEST_F(EvaluationTest, UnequalSequencesAreAnError) {
    write("b/sharp", kFrames, at::rand({40, 52, 3}));
    EXPECT_THROW(run({{"input", nullptr}}), std::runtime_error);
    EXPECT_THROW(read_sequences(folder_.path()), std::runtime_error);
    EXPECT_THROW(list_sequences(folder_ / "a"), std::runtime_error);
}

// A frame whose left half is blurred, and an input that is wrong by 0.1 there and right elsewhere.
TEST_F(EvaluationTest, TellsTheBlurredPartApart) {
    const auto sharp = at::full({3, 40, 60}, 0.5);
    auto blurry = sharp.clone(), blur = at::zeros({1, 40, 60});
    blurry.narrow(2, 0, 30).add_(0.1);
    blur.narrow(2, 0, 30).fill_(8);
    const auto open = repeated({blurry, sharp, blur}, 2);
    const auto seeing = make_network({"bladenet", 1}); // blur everywhere
    const torch::NoGradGuard no_grad;
    named_parameters(*seeing).at("perception.head.bias").fill_(3);
    const auto evaluation = evaluate({{"half", "", open}}, {{"input", nullptr}, {"seeing", seeing}}, {},
                                     [](size_t, int64_t) {});
    const auto &input = evaluation.sequences[0].scores[0];
    EXPECT_NEAR(*input.inside, 20, 0.4);
    EXPECT_EQ(*input.outside, kIdenticalPsnr);
    EXPECT_FALSE(input.iou);
    EXPECT_NEAR(*evaluation.means()[1].iou, 0.5, 1e-6);
    EXPECT_EQ(*evaluation.means()[1].region_iou, 1) << "of a picture that is one window";
    EXPECT_NE(text_report(evaluation).find("IoU"), std::string::npos);
    EXPECT_EQ(text_report(run({{"input", nullptr}})).find("IoU"), std::string::npos);
}

// The 128 x 128 window that a map points at, and the one in which blur is, which are here the first and the last of three.
TEST_F(EvaluationTest, FindsTheMostBlurredRegion) {
    const auto frame = at::full({3, 128, 256}, 0.5);
    auto map = at::zeros({1, 128, 256}), blur = at::zeros({1, 128, 256});
    blur.narrow(2, 192, 64).fill_(8);
    const auto found = [&](int64_t left) {
        Tally tally;
        map.zero_().narrow(2, left, 64).fill_(0.2);
        tally.add(frame, map, {frame, blur, {}, {}});
        return *tally.scores().region_iou;
    };
    EXPECT_EQ(found(192), 1);
    EXPECT_EQ(found(0), 0);
    EXPECT_NEAR(found(96), 1.0 / 3, 1e-6) << "half of both";
    Tally still;
    still.add(frame, map, {frame, at::zeros_like(blur), {}, {}});
    EXPECT_FALSE(still.scores().region_iou) << "there is no blur";
}

// Where people are filmed, it is they who are inside, whatever is blurred.
TEST_F(EvaluationTest, TellsPeopleApart) {
    const auto sharp = at::full({3, 64, 64}, 0.5);
    auto blurry = sharp.clone(), people = at::zeros({1, 64, 64});
    blurry.narrow(2, 0, 16).add_(0.1);
    people.narrow(2, 0, 16).fill_(1);
    const auto open = repeated({blurry, sharp, at::full({1, 64, 64}, 8), people}, 1);
    NetworkConfig config{"human", 0};
    config.width = 4;
    const auto seeing = make_network(config); // people everywhere
    const torch::NoGradGuard no_grad;
    named_parameters(*seeing).at("attention.head.bias").fill_(3);
    const auto evaluation = evaluate({{"quarter", "", open}}, {{"input", nullptr}, {"seeing", seeing}}, {},
                                     [](size_t, int64_t) {});
    EXPECT_NEAR(*evaluation.sequences[0].scores[0].inside, 20, 0.4);
    EXPECT_EQ(*evaluation.sequences[0].scores[0].outside, kIdenticalPsnr);
    EXPECT_NEAR(*evaluation.means()[1].iou, 0.25, 1e-6);
}

TEST_F(EvaluationTest, ReportsHoldTheFigures) {
    const auto evaluation = run({{"input", nullptr}, {"a < b", idle_network()}});
    const auto json = nlohmann::json::parse(json_report(evaluation));
    EXPECT_EQ(json["rows"][1]["label"], "a < b");
    EXPECT_EQ(json["rows"][1]["mean"]["psnr_gain"], 0.0);
    EXPECT_EQ(json["rows"][0]["sequences"][1]["psnr_by_frame"].size(), size_t{kFrames});
    EXPECT_DOUBLE_EQ(json["rows"][0]["mean"]["psnr"], evaluation.means()[0].psnr);

    const auto html = html_report(evaluation);
    EXPECT_NE(html.find("a &lt; b"), std::string::npos);
    size_t pictures = 0;
    for (size_t at = 0;
         (at = html.find("data:image/png;base64,iVBORw0KGgo", at)) != std::string::npos; ++at)
        ++pictures;
    EXPECT_EQ(pictures, 2u * 3u);
    EXPECT_NE(text_report(evaluation).find("mean of 2 sequences"), std::string::npos);
}

// A mean that chooses weights: what nobody sees does not count.
TEST(Validation, CountsUpToWhatIsVisible) {
    const auto grey = [](int code) { return at::full({3, 8, 8}, code / 255.0); };
    const SequencePair pair{"", {grey(100), grey(110)}, {grey(100), grey(100)}};
    constexpr double kTen = 28.1308; // decibels of a difference of 10 codes
    EXPECT_NEAR(visible_psnr(pair.sharp, pair), 50, 1e-9);
    EXPECT_NEAR(visible_psnr({grey(101), grey(110)}, pair), (48.1308 + kTen) / 2, 1e-3);
    EXPECT_NEAR(blurry_psnr({pair, {"", {grey(90)}, {grey(100)}}}), ((50 + kTen) / 2 + kTen) / 2, 1e-3);
}

} // namespace
} // namespace deblur
