// What the source library finds on disk.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/sources.h"

#include <filesystem>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "media/picture_file.h"
#include "temporary_folder.h"

namespace deblur {
namespace {

constexpr int64_t kSide = 80;

// A name that the split gives to training.
std::string training_name() {
    std::string name = "a";
    while (!in_split(name, Split::Training) || !in_split(name + ".png", Split::Training))
        name += "a";
    return name;
}

// A picture of two halves, red and blue, each an instance; the blue one is a person.
void write_two_halves(const TemporaryFolder &folder) {
    const auto name = training_name();
    for (const char *part : {"photo", "mask"})
        std::filesystem::create_directories(folder / part);
    auto picture = at::zeros({kSide, kSide, 3}, at::kByte);
    picture.narrow(1, 0, kSide / 2).select(2, 0).fill_(255);
    picture.narrow(1, kSide / 2, kSide / 2).select(2, 2).fill_(255);
    auto instances = at::ones({kSide, kSide}, at::kByte), person = at::zeros({kSide, kSide}, at::kByte);
    instances.narrow(1, kSide / 2, kSide / 2).fill_(2);
    person.narrow(1, kSide / 2, kSide / 2).fill_(255);
    write_picture(folder / ("photo/" + name + ".png"), picture);
    write_picture(folder / ("mask/" + name + ".png"), picture);
    write_picture(folder / ("mask/" + name + "_inst.png"), instances);
    write_picture(folder / ("mask/" + name + "_person.png"), person);
}

TEST(Sources, PersonMasksTellWhichInstancesArePeople) {
    const TemporaryFolder folder;
    write_two_halves(folder);
    const SourceLibrary library(folder.path(), Split::Training);
    EXPECT_EQ(library.cut_out_count(), 2u);
    EXPECT_EQ(library.person_count(), 1u);
    for (uint64_t i = 0; i < 8; ++i) {
        Random random(1, i);
        const auto person = library.person(random, 64);
        EXPECT_GT(person.picture[2].mean().item<float>(), 0.98);
        EXPECT_LT(person.picture[0].mean().item<float>(), 0.02);
        EXPECT_LE(person.picture.size(1), 64);
    }
}

} // namespace
} // namespace deblur
