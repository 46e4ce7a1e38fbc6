// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/picture_file.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "media/frame_reader.h"
#include "media/libav.h"
#include "temporary_folder.h"

namespace deblur {
namespace {

// 4 x 2 pixels, 2 bits, palette of four colours, indices 0 1 2 3 / 3 1 0 2.
constexpr unsigned char kPalettePng[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x02, 0x02, 0x03, 0x00, 0x00, 0x00, 0x02, 0xc6, 0x95,
    0xf0, 0x00, 0x00, 0x00, 0x0c, 0x50, 0x4c, 0x54, 0x45, 0x0a, 0xc8, 0x1e, 0xfa, 0x05, 0x3c, 0x00,
    0x00, 0x00, 0x5a, 0x5b, 0x5c, 0x83, 0x91, 0x19, 0xf9, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41,
    0x54, 0x78, 0x9c, 0x63, 0x90, 0x66, 0xb8, 0x04, 0x00, 0x01, 0x27, 0x00, 0xee, 0x17, 0x31, 0x9d,
    0x49, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

// 2 x 2 pixels, RGBA: (1 2 3 0) (4 5 6 77) / (7 8 9 128) (10 11 12 255).
constexpr unsigned char kAlphaPng[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x08, 0x06, 0x00, 0x00,
    0x00, 0x72, 0xb6, 0x0d, 0x24, 0x00, 0x00, 0x00, 0x1a, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0x64, 0x64, 0x62, 0x66, 0x60, 0x66, 0x66, 0xf6, 0x65, 0x60, 0xe7, 0xe0,
    0x6c, 0xe0, 0xe2, 0xe6, 0xf9, 0x0f, 0x00, 0x08, 0x76, 0x02, 0x16, 0x60, 0x40, 0xf4,
    0x72, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

torch::Tensor random_pixels(at::IntArrayRef size) {
    return at::randint(0, 256, size, at::kLong).to(at::kByte);
}

std::string message_of(const std::function<void()> &action) {
    try {
        action();
    } catch (const MediaError &error) {
        return error.what();
    }
    return "";
}

class PictureFile : public testing::Test {
  protected:
    TemporaryFolder folder_;
    std::string path_ = folder_ / "a.png";
};

TEST_F(PictureFile, PngIsLossless) {
    const auto rgb = random_pixels({13, 31, 3}), gray = random_pixels({7, 5});
    write_picture(path_, rgb);
    EXPECT_TRUE(read_picture(path_).equal(rgb));
    write_picture(path_, gray);
    EXPECT_TRUE(read_gray(path_).equal(gray));
    EXPECT_TRUE(read_picture(path_).select(2, 1).equal(gray));
}

TEST_F(PictureFile, OnePixel) {
    const auto rgb = random_pixels({1, 1, 3});
    write_picture(path_, rgb);
    EXPECT_TRUE(read_picture(path_).equal(rgb));
}

TEST_F(PictureFile, PaletteGivesIndicesOrColours) {
    write_file(path_, kPalettePng);
    const auto indices = at::tensor({0, 1, 2, 3, 3, 1, 0, 2}).view({2, 4}).to(at::kByte);
    EXPECT_TRUE(read_gray(path_).equal(indices));
    const auto second = at::tensor({250, 5, 60}).to(at::kByte);
    EXPECT_TRUE(read_picture(path_)[0][1].equal(second));
}

TEST_F(PictureFile, AlphaIsReadAsStored) {
    write_file(path_, kAlphaPng);
    EXPECT_TRUE(read_alpha(path_).equal(at::tensor({0, 77, 128, 255}).view({2, 2}).to(at::kByte)));
    EXPECT_TRUE(read_picture(path_)[0][1].equal(at::tensor({4, 5, 6}).to(at::kByte)));
}

TEST_F(PictureFile, ErrorsNameTheFileAndTheCause) {
    const auto absent = message_of([&] { read_picture(folder_ / "absent.png"); });
    EXPECT_NE(absent.find("absent.png': cannot be read"), std::string::npos) << absent;

    write_picture(path_, random_pixels({9, 9, 3}));
    EXPECT_NE(message_of([&] { read_alpha(path_); }).find("no alpha"), std::string::npos);
    EXPECT_NE(message_of([&] { read_gray(path_); }).find("colours"), std::string::npos);

    write_file(path_, std::string("no picture at all"));
    EXPECT_NE(message_of([&] { read_picture(path_); }).find("a.png': not a"), std::string::npos);

    const std::vector<uint8_t> whole(std::begin(kAlphaPng), std::end(kAlphaPng));
    write_file(path_, std::vector<uint8_t>(whole.begin(), whole.begin() + 20));
    EXPECT_NE(message_of([&] { read_picture(path_); }).find("a.png"), std::string::npos);
}

TEST_F(PictureFile, FoldersAreReadInTheOrderOfTheirNumbers) {
    for (const int number : {10, 2, 1})
        write_picture(folder_ / (std::to_string(number) + ".png"),
                      at::full({2, 2, 3}, number, at::kByte));
    write_file(folder_ / "notes.txt", std::string("not a picture"));
    FrameReader reader(folder_.path());
    for (const int number : {1, 2, 10})
        EXPECT_EQ(reader.read()->max().item<int>(), number);
    EXPECT_FALSE(reader.read());
}

TEST_F(PictureFile, AnEmptyFolderIsAnError) {
    EXPECT_THROW(FrameReader{folder_.path()}, MediaError);
}

} // namespace
} // namespace deblur
