// What training learns from besides the virtual camera: film, mixtures, measured responses, real motion, real pairs.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/feed.h"

#include <filesystem>
#include <fstream>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "media/picture_file.h"
#include "media/video_writer.h"
#include "temporary_folder.h"
#include "training/footage.h"
#include "training/pair_clips.h"
#include "training/sequences.h"

namespace deblur {
namespace {

// Clips of one gray that tell their source and number.
class Gray : public ClipSource {
  public:
    explicit Gray(double value) : value_(value) {}
    Clip clip(uint64_t) const override {
        const auto blurry = at::full({2, 3, 48, 48}, value_), map = at::full({2, 1, 48, 48}, 4.0);
        return {blurry, blurry, map, map / 8, map};
    }

  private:
    double value_;
};

constexpr FilmOptions kPlain{0, 0, 0, 0};

TEST(Feed, DrawsItsSourcesByWeight) {
    Feed feed(kPlain, 1);
    feed.add(std::make_shared<Gray>(0.25), 3);
    feed.add(std::make_shared<Gray>(0.75), 1);
    int light = 0;
    for (uint64_t i = 0; i < 400; ++i)
        light += feed.clip(i).blurry.mean().item<double>() > 0.5;
    EXPECT_NEAR(light, 100, 30);
    EXPECT_TRUE(feed.clip(7).blurry.equal(feed.clip(7).blurry));
    EXPECT_THROW(Feed(kPlain, 1).clip(0), std::logic_error);
}

TEST(Film, BurnsTheSameIntoBlurryAndSharp) {
    for (const auto &options : {FilmOptions{0, 1, 0, 0}, FilmOptions{0, 0, 1, 0}}) {
        Random random(3);
        const auto clip = as_film(random, Gray(0.5).clip(0), options);
        EXPECT_TRUE(clip.blurry.equal(clip.sharp));
        const auto changed = (clip.sharp - 0.5).abs().amax(1, true) > 0;
        EXPECT_GT(changed.to(at::kFloat).mean().item<double>(), 0.005);
        EXPECT_TRUE(changed[0].equal(changed[1])) << "what is burnt in does not move";
        EXPECT_LT(clip.blur.masked_select(changed).amax().item<double>(), 4);
        EXPECT_TRUE((clip.blur.masked_select(~changed) == 4).all().item<bool>());
    }
}

TEST(Film, EnlargedPicturesHaveNoFineDetail) {
    Random random(3);
    auto clip = Gray(0).clip(0);
    clip.sharp = at::rand({2, 3, 48, 48});
    const auto detail = [](const torch::Tensor &x) {
        return x.diff(1, 3).square().mean().item<double>();
    };
    const double before = detail(clip.sharp);
    const auto film = as_film(random, clip, {1, 0, 0, 0});
    EXPECT_EQ(film.sharp.sizes(), clip.sharp.sizes());
    EXPECT_LT(detail(film.sharp), 0.6 * before);
}

// Light is the square of the code in red, the code itself in green and blue.
std::string write_table(const TemporaryFolder &folder) {
    const auto path = folder / "response.tsv";
    std::ofstream file(path);
    file << "code\tR\tG\tB\n";
    for (int code = 0; code < 256; ++code)
        file << code << '\t' << code * code << '\t' << code << '\t' << code << '\n';
    return path;
}

TEST(ResponseTable, ThereAndBack) {
    const TemporaryFolder folder;
    const ResponseTable table(write_table(folder));
    const auto code = at::linspace(0, 1, 48).view({1, 1, 6, 8}).expand({1, 3, 6, 8}).contiguous();
    const auto light = table.to_light(code);
    EXPECT_TRUE(at::allclose(light.select(1, 1), code.select(1, 1) * (255.0 / 250), 1e-4, 1e-4));
    EXPECT_TRUE(
        at::allclose(light.select(1, 0), (code.select(1, 0) * (255.0 / 250)).square(), 1e-3, 1e-3));
    EXPECT_TRUE(at::allclose(table.to_code(light), code, 1e-3, 1e-3));
    EXPECT_THROW(ResponseTable(folder / "nothing"), std::runtime_error);
}

void write_video(const std::string &path, int64_t frames, int64_t side) {
    at::manual_seed(1);
    const auto texture = at::avg_pool2d(at::rand({3, side + 2 * frames + 4, side + 2 * frames + 4}),
                                        {5, 5}, {1, 1}, {2, 2});
    VideoWriter writer(path, static_cast<int>(side), static_cast<int>(side));
    for (int64_t i = 0; i < frames; ++i)
        writer.write(frame_to_pixels(texture.narrow(1, 0, side).narrow(2, 2 * i, side)));
    writer.finish();
}

TEST(Footage, ExposesRealMotion) {
    const TemporaryFolder folder;
    FootageOptions options;
    options.frames = 2;
    options.size = 32;
    for (const bool is_high_speed : {false, true}) {
        Footage footage(options);
        const TemporaryFolder videos;
        write_video(videos / "pan.mkv", is_high_speed ? 60 : 9, 136);
        footage.add(videos.path(), Split::Training, is_high_speed);
        ASSERT_EQ(footage.recordings(), 1u);
        Clip clip;
        try {
            clip = footage.clip(3);
        } catch (const std::runtime_error &error) {
            GTEST_SKIP() << error.what();
        }
        EXPECT_EQ(clip.blurry.sizes(), at::IntArrayRef({2, 3, 32, 32}));
        EXPECT_EQ(clip.blur.sizes(), at::IntArrayRef({2, 1, 32, 32}));
        const auto detail = [](const torch::Tensor &x) {
            return x.diff(1, 3).square().mean().item<double>();
        };
        EXPECT_LT(detail(clip.blurry), 0.95 * detail(clip.sharp)) << is_high_speed;
        EXPECT_GT(clip.blur.median().item<double>(), 0.2);
        EXPECT_TRUE(footage.clip(3).blurry.equal(clip.blurry));
    }
}

TEST(PairClips, ShowsTheSamePartOfBoth) {
    const TemporaryFolder folder;
    at::manual_seed(1);
    for (int i = 0; i < 3; ++i)
        for (const char *kind : {"blur", "sharp"}) {
            std::filesystem::create_directories(folder / (std::string("one/") + kind));
            const auto ramp =
                at::arange(40, at::kByte).view({40, 1, 1}).expand({40, 40, 3}).contiguous();
            write_picture(folder / ("one/" + std::string(kind) + "/" + std::to_string(i) + ".png"),
                          ramp + (*kind == 's' ? 10 : 0));
        }
    const PairClips pairs(folder.path(), 2, 16, 1);
    const auto clip = pairs.clip(4);
    EXPECT_EQ(clip.blurry.sizes(), at::IntArrayRef({2, 3, 16, 16}));
    EXPECT_TRUE(
        at::allclose(clip.sharp - clip.blurry, at::full_like(clip.sharp, 10.0 / 255), 1e-4, 1e-4));
    EXPECT_TRUE((clip.blur == 1).all().item<bool>());
    EXPECT_THROW(PairClips(folder.path(), 9, 16, 1), std::runtime_error);
}

} // namespace
} // namespace deblur
