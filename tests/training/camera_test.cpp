// The virtual high-speed camera against geometry that can be worked out by hand.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/camera.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "training/dataset.h"
#include "training/dead_leaves.h"

namespace deblur {
namespace {

Path still() {
    return [](double) { return Homography{1, 0, 0, 0, 1, 0, 0, 0, 1}; };
}

// Moves right by so many pixels per frame interval.
Path pan(double speed) {
    return [speed](double time) { return Homography{1, 0, speed * time, 0, 1, 0, 0, 0, 1}; };
}

torch::Tensor scene(int64_t side) {
    Random random(7);
    return DeadLeaves().detail(random, side);
}

RenderOptions options_for(Shutter shutter) {
    RenderOptions options;
    options.frames = 3;
    options.height = 24;
    options.width = 40;
    options.shutter = shutter;
    return options;
}

TEST(Camera, StandingStillBlursNothing) {
    for (const double gamma : {1.0, 2.2}) {
        const auto clip = render({{scene(96), torch::Tensor(), still()}}, CameraResponse(gamma),
                                 options_for({9, 12}));
        EXPECT_TRUE(clip.blurry.allclose(clip.sharp, 0, 1e-5));
        EXPECT_LT(clip.motion.max().item<float>(), 1e-4);
        EXPECT_EQ(clip.foreground.max().item<float>(), 0);
    }
}

TEST(Camera, RendersThePictureItLooksAt) {
    const auto picture = scene(96);
    const auto clip =
        render({{picture, torch::Tensor(), still()}}, CameraResponse(1.0), options_for({7, 7}));
    const auto expected = picture.narrow(1, 36, 24).narrow(2, 28, 40);
    // Sampled at twice the resolution: near, not equal.
    EXPECT_LT((clip.sharp[0] - expected).abs().mean().item<float>(), 0.02);
}

TEST(Camera, ALensMakesAGaussianOfAPoint) {
    const double deviation = 1.3;
    auto point = at::zeros({1, 2, 21, 25});
    point[0][1][10][12] = 1;
    const auto light = soften(point, deviation);
    EXPECT_EQ(light[0][0].abs().max().item<float>(), 0);
    EXPECT_NEAR(light.sum().item<double>(), 1, 1e-5);
    for (const auto &[dim, size] : {std::pair{0, 21}, std::pair{1, 25}}) {
        const auto profile = light[0][1].sum(1 - dim);
        const auto x = at::arange(size).to(at::kFloat);
        const auto mean = (profile * x).sum();
        EXPECT_NEAR(mean.item<double>(), size / 2, 1e-4);
        EXPECT_NEAR((profile * (x - mean).square()).sum().sqrt().item<double>(), deviation, 0.02);
    }
    EXPECT_TRUE(soften(point, 0).equal(point));
}

TEST(Camera, ASoftLensIsNoMotion) {
    auto options = options_for({9, 12});
    const std::vector<Layer> layers{{scene(96), torch::Tensor(), still()}};
    const auto crisp = render(layers, CameraResponse(2.2), options);
    options.softness = 1.5;
    const auto soft = render(layers, CameraResponse(2.2), options);
    EXPECT_TRUE(soft.blurry.allclose(soft.sharp, 0, 1e-5));
    EXPECT_TRUE(soft.motion.equal(crisp.motion));
    // In light, not in code values.
    const CameraResponse response(2.2);
    EXPECT_TRUE(soft.sharp.allclose(response.to_code(soften(response.to_light(crisp.sharp), 1.5)),
                                    0, 1e-4));
}

// A linear ramp has the same value under every box blur, but moves with the camera: the sharp frame is the
// one in the middle of the exposure, and the blurry frame has the ramp's mean, which is the same.
TEST(Camera, TheSharpFrameIsTheMiddleOfTheExposure) {
    const double speed = 8;
    const Shutter shutter{7, 10};
    const auto ramp =
        at::linspace(0.2, 0.8, 192).view({1, 1, 192}).expand({3, 96, 192}).contiguous();
    const auto clip =
        render({{ramp, torch::Tensor(), pan(speed)}}, CameraResponse(1.0), options_for(shutter));
    const double slope = 0.6 / 191;
    for (int64_t n = 0; n < 3; ++n) {
        const double middle = static_cast<double>(n) + 0.5 * shutter.exposure();
        const double expected = 0.5 + slope * speed * middle;
        EXPECT_NEAR(clip.sharp[n].mean().item<double>(), expected, 1e-4);
        EXPECT_NEAR(clip.blurry[n].mean().item<double>(), expected, 1e-4);
    }
    EXPECT_NEAR(clip.motion.mean().item<double>(), speed * shutter.exposure(), 1e-3);
}

// Eq. 1: the blurry frame is the mean of the sub-frames, here obtained as sharp frames of a camera with so
// short an exposure that each shows one instant.
TEST(Camera, BlurIsTheMeanOfSubFrames) {
    const double speed = 6;
    const Shutter shutter{7, 9};
    const auto picture = scene(128);
    for (const auto &response : {CameraResponse(1.0), CameraResponse(2.2), CameraResponse(3.0, 0.4)}) {
        auto options = options_for(shutter);
        options.frames = 1;
        const auto clip = render({{picture, torch::Tensor(), pan(speed)}}, response, options);
        auto mean = at::zeros_like(clip.sharp);
        for (int64_t i = 0; i < shutter.tau; ++i) {
            const double instant = shutter.exposure() * (static_cast<double>(i) + 0.5) / 7;
            const Path frozen = [&](double) { return pan(speed)(instant); };
            mean += response.to_light(
                render({{picture, torch::Tensor(), frozen}}, response, options).sharp);
        }
        EXPECT_TRUE(response.to_code(mean / 7).allclose(clip.blurry, 0, 1e-4));
    }
}

TEST(Response, IsInvertedAndBrightensMeans) {
    const auto codes = at::linspace(0, 1, 101);
    double last = 0.5; // the mean of black and white
    for (const auto &response :
         {CameraResponse(1.0), CameraResponse(2.2), CameraResponse(2.2, 2), CameraResponse(2.2, 0.3)}) {
        const auto light = response.to_light(codes);
        EXPECT_TRUE(response.to_code(light).allclose(codes, 0, 1e-5));
        EXPECT_NEAR(light[100].item<double>(), 1, 1e-6);
        const double mean = response.to_code(at::full({1}, 0.5)).item<double>();
        EXPECT_GE(mean, last); // each bends more than the one before
        last = mean + 0.05;
    }
    // (0.5 * 1.3 / 0.8)^(1/2.2)
    EXPECT_NEAR(last - 0.05, 0.910, 1e-3);
}

TEST(Camera, FastMotionGetsMoreSubFrames) {
    // One bright column; with 7 sub-frames 21 pixels apart in all, gaps would show between its copies.
    auto picture = at::zeros({3, 96, 192});
    picture.narrow(2, 96, 2).fill_(1);
    auto options = options_for({7, 7});
    options.frames = 1;
    const auto clip = render({{picture, torch::Tensor(), pan(21)}}, CameraResponse(1.0), options);
    const auto row = clip.blurry[0][0][12];
    const auto streak = row.index({row > 0.01});
    EXPECT_GE(streak.numel(), 18);
    EXPECT_LT(((streak - streak.median()).abs() > 0.5 * streak.median()).sum().item<int64_t>(), 6);
}

TEST(Camera, AForegroundHidesTheBackground) {
    const int64_t side = 96;
    auto alpha = at::zeros({1, side, side});
    alpha.narrow(1, 40, 16).narrow(2, 40, 16).fill_(1);
    const Layer background{at::full({3, side, side}, 0.2), torch::Tensor(), pan(5)};
    const Layer object{at::full({3, side, side}, 0.9), alpha, still()};
    const auto clip = render({background, object}, CameraResponse(1.0), options_for({7, 10}));
    EXPECT_NEAR(clip.sharp[1][0][12][20].item<float>(), 0.9, 1e-3); // the picture's middle
    EXPECT_NEAR(clip.sharp[1][0][1][1].item<float>(), 0.2, 1e-3);
    EXPECT_NEAR(clip.motion[1][0][12][20].item<float>(), 0, 1e-3); // the object stands still
    EXPECT_NEAR(clip.motion[1][0][1][1].item<float>(), 3.5, 1e-2);
}

// An object of 16 x 16 pixels that moves by 7 during the exposure: what it passes is blurred, nothing else.
TEST(Camera, BlurIsWhereAnObjectPasses) {
    const int64_t side = 96;
    auto alpha = at::zeros({1, side, side});
    alpha.narrow(1, 40, 16).narrow(2, 40, 16).fill_(1);
    const Layer background{scene(side), torch::Tensor(), still()};
    const Layer object{at::full({3, side, side}, 0.9), alpha, pan(10)};
    auto options = options_for({7, 10});
    options.frames = 1;
    const auto clip = render({background, object}, CameraResponse(1.0), options);
    const auto row = clip.blur[0][0][12];
    EXPECT_NEAR(row[15].item<float>(), 7, 0.1) << "in the middle of it";
    EXPECT_NEAR(row.mean().item<float>() * 40 / 7, 16 + 7, 1.5) << "the width that it passes";
    EXPECT_NEAR(clip.motion[0][0][12].mean().item<float>() * 40 / 7, 16, 1.5) << "its own width";
    EXPECT_LT(clip.blur[0][0][2].max().item<float>(), 0.05);
    const auto differs = (clip.blurry - clip.sharp).abs().amax(1, true) > 0.02;
    EXPECT_EQ(differs.logical_and(clip.blur < 0.05).sum().item<int64_t>(), 0);
}

// Without compression.
DatasetOptions filming(const std::string &scenes, int64_t frames, int64_t side, double speed) {
    DatasetOptions options;
    options.scenes = scenes_from(scenes);
    options.frames = frames;
    options.height = options.width = side;
    options.compressed = 0;
    options.speed = speed;
    return options;
}

TEST(Dataset, IsAFunctionOfSeedAndIndex) {
    DatasetOptions options;
    options.frames = 2;
    options.height = options.width = 32;
    const auto sources = std::make_shared<DeadLeaves>();
    const Dataset data(sources, options), again(sources, options);
    again.clip(0); // what was drawn before does not matter
    EXPECT_TRUE(data.clip(3).blurry.equal(again.clip(3).blurry));
    EXPECT_FALSE(data.clip(3).blurry.equal(data.clip(4).blurry));
    options.seed = 2;
    EXPECT_FALSE(data.clip(3).blurry.equal(Dataset(sources, options).clip(3).blurry));
}

TEST(Dataset, DrawsTheSpeedThatIsAskedFor) {
    DatasetOptions options;
    options.frames = 4;
    options.height = options.width = 64;
    options.speed = 5;
    const Dataset data(std::make_shared<DeadLeaves>(), options);
    double sum = 0;
    for (uint64_t i = 0; i < 6; ++i)
        sum += data.clip(i).motion.mean().item<double>();
    EXPECT_NEAR(sum / 6, 5, 2);
}

// Local Blur Synthesis: most of every picture is sharp, and in nearly all something moves.
TEST(Dataset, LocalScenesMoveBeforeABackgroundAtRest) {
    const Dataset data(std::make_shared<DeadLeaves>(), filming("local", 2, 64, 6));
    double blurred = 0;
    for (uint64_t i = 0; i < 10; ++i) {
        const auto clip = data.clip(i);
        EXPECT_LT(clip.motion.min().item<float>(), 1.2) << "the background, clip " << i;
        blurred += (clip.blur > 2).to(at::kFloat).mean().item<double>() / 10;
    }
    EXPECT_GT(blurred, 0.05);
    EXPECT_LT(blurred, 0.7);
    EXPECT_THROW(scenes_from("globe"), std::invalid_argument);
    EXPECT_EQ(scene_names(), (std::vector<std::string>{"usual", "local", "people"}));
}

// The first layer before the background is not of the foreground: it moves, and Clip::foreground does not tell of it.
TEST(Camera, OnlyForegroundLayersAreForeground) {
    auto left = at::zeros({1, 96, 96}), right = at::zeros({1, 96, 96});
    left.slice(2, 0, 44).fill_(1);
    right.slice(2, 52).fill_(1);
    const auto clip = render({{scene(96), torch::Tensor(), still()},
                              {scene(96), left, pan(3), false},
                              {scene(96), right, still()}},
                             CameraResponse(1.0), options_for({9, 9}));
    EXPECT_LT(clip.foreground.slice(3, 0, 20).max().item<float>(), 1e-3);
    EXPECT_GT(clip.foreground.slice(3, 28).min().item<float>(), 1 - 1e-3);
    EXPECT_GT(clip.motion.slice(3, 0, 5).min().item<float>(), 2.5);
    EXPECT_LT(clip.motion.slice(3, 28).max().item<float>(), 1e-3);
}

// Sources that tell a person, white, from everything else.
class Cast : public DeadLeaves {
  public:
    CutOut person(Random &, int64_t side) const override { return square(side / 3, 1); }
    CutOut cut_out(Random &, int64_t side) const override { return square(side / 2, 0); }

  private:
    static CutOut square(int64_t side, double value) {
        return {at::full({3, side, side}, value), at::ones({1, side, side})};
    }
};

TEST(Dataset, TheForegroundOfPeopleIsTheirsAlone) {
    const Dataset data(std::make_shared<Cast>(), filming("people", 1, 48, 0));
    double others = 0;
    for (uint64_t i = 0; i < 12; ++i) {
        const auto clip = data.clip(i);
        const auto people = clip.foreground[0][0] > 0.99;
        const auto darkest = clip.sharp[0].amax(0), brightest = clip.sharp[0].amin(0);
        EXPECT_GT(people.sum().item<int64_t>(), 20) << "clip " << i;
        EXPECT_GT(brightest.masked_select(people).min().item<float>(), 0.8) << "clip " << i;
        others += (darkest < 0.2).logical_and(clip.foreground[0][0] < 0.01).to(at::kFloat).mean().item<double>() / 12;
    }
    EXPECT_GT(others, 0.02) << "something else moves, too";
}

TEST(Dataset, ALongerExposureBlursTheSameMotionMore) {
    DatasetOptions options;
    options.frames = 2;
    options.height = options.width = 48;
    const auto motion = [&](int64_t tau) {
        options.tau = tau;
        return Dataset(std::make_shared<DeadLeaves>(), options)
            .clip(2)
            .motion.mean()
            .item<double>();
    };
    EXPECT_NEAR(motion(14) / motion(7), 2, 0.35);
}

TEST(Dataset, CompressionChangesTheBlurryFramesAlone) {
    DatasetOptions options;
    options.frames = 2;
    options.height = options.width = 48;
    options.compressed = 0;
    const auto sources = std::make_shared<DeadLeaves>();
    const auto clean = Dataset(sources, options).clip(1);
    options.compressed = 1;
    const auto compressed = Dataset(sources, options).clip(1);
    EXPECT_TRUE(compressed.sharp.equal(clean.sharp));
    const double change = (compressed.blurry - clean.blurry).abs().mean().item<double>();
    EXPECT_GT(change, 1e-4);
    EXPECT_LT(change, 0.1);
}

TEST(Dataset, SomeClipsAreSoft) {
    auto options = filming("usual", 1, 64, 0);
    const auto sources = std::make_shared<DeadLeaves>();
    const auto detail = [&](double soft) {
        options.soft = soft;
        const auto sharp = Dataset(sources, options).clip(4).sharp;
        return (sharp.narrow(3, 1, 63) - sharp.narrow(3, 0, 63)).square().mean().item<double>();
    };
    EXPECT_LT(detail(1), 0.8 * detail(0));
}

// What nobody may be made to sharpen: video of a fast shutter, that moves between sharp frames.
TEST(Dataset, SomeClipsMoveBetweenSharpFrames) {
    DatasetOptions options;
    options.frames = 2;
    options.height = options.width = 32;
    options.compressed = 0;
    const Dataset data(std::make_shared<DeadLeaves>(), options);
    int found = 0;
    for (uint64_t i = 0; i < 60; ++i) {
        const auto clip = data.clip(i);
        const bool is_sharp = clip.motion.mean().item<double>() < 1.5;
        const bool moves = (clip.sharp[1] - clip.sharp[0]).abs().mean().item<double>() > 0.1;
        found += is_sharp && moves;
    }
    EXPECT_GE(found, 2);
    EXPECT_LE(found, 20);
}

} // namespace
} // namespace deblur
