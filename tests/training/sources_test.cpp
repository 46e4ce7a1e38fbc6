// What the source library finds on disk.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/sources.h"

#include <filesystem>
#include <fstream>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "media/picture_file.h"
#include "temporary_folder.h"

namespace deblur {
namespace {

constexpr int64_t kSide = 80;

// A name that the split gives to training.
std::string training_name(std::string name = "a") {
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

// A photograph with a person in its right half, and one of nobody.
TEST(Sources, OutlinesMakePeopleOfPhotographs) {
    const TemporaryFolder folder;
    write_two_halves(folder);
    std::filesystem::remove_all(folder / "mask");
    const auto name = training_name() + ".png", nobody = training_name("b") + ".png";
    auto green = at::zeros({kSide, kSide, 3}, at::kByte);
    green.select(2, 1).fill_(255);
    write_picture(folder / ("photo/" + nobody), green);
    std::ofstream(folder / "people.json") << R"({")" << name
                                          << R"(": [[[500, 0], [1000, 0], [1000, 1000], [500, 1000]]], "x": []})";
    const SourceLibrary library(folder.path(), Split::Training);
    EXPECT_EQ(library.person_count(), 1u);
    EXPECT_EQ(library.cut_out_count(), 0u) << "other scenes stay as they are";
    for (uint64_t i = 0; i < 8; ++i) {
        Random random(1, i);
        EXPECT_GT(library.person(random, 64).picture[2].mean().item<float>(), 0.98);
        EXPECT_GT(library.empty_detail(random, 64)[1].mean().item<float>(), 0.98) << "nobody is seen";
        EXPECT_GT(library.thing(random, 64).picture[1].mean().item<float>(), 0.98);
    }
}

TEST(Sources, ThingsAreNoPeople) {
    const TemporaryFolder folder;
    write_two_halves(folder);
    const SourceLibrary library(folder.path(), Split::Training);
    int masked = 0;
    for (uint64_t i = 0; i < 16; ++i) {
        Random random(1, i);
        const auto thing = library.thing(random, 64).picture;
        if (thing.size(1) == thing.size(2))
            continue; // a blob
        ++masked;
        EXPECT_GT(thing[0].mean().item<float>(), 0.98) << "the person is blue";
    }
    EXPECT_GT(masked, 6);
}

TEST(Outlines, EncloseByTheEvenOddRule) {
    const auto frame = fill({{250, 250}, {750, 250}, {750, 750}, {250, 750}}, 8, 16);
    EXPECT_EQ(frame.sum().item<int64_t>(), 255 * 4 * 8);
    EXPECT_EQ(frame[2][4].item<int64_t>(), 255);
    EXPECT_EQ(frame[1][4].item<int64_t>(), 0);
    EXPECT_EQ(frame[2][12].item<int64_t>(), 0);
    // A slit leads from the border to a hole.
    const Outline ring{{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}, {0, 0}, {300, 300}, {300, 700}, {700, 700}, {700, 300},
                       {300, 300}};
    EXPECT_NEAR(fill(ring, 50, 50).to(at::kFloat).mean().item<double>() / 255, 1 - 0.4 * 0.4, 0.01);
    // A triangle is half of its box.
    EXPECT_NEAR(fill({{0, 0}, {1000, 0}, {0, 1000}}, 100, 100).to(at::kFloat).mean().item<double>() / 255, 0.5, 0.01);
    EXPECT_EQ(fill({}, 4, 4).sum().item<int64_t>(), 0);
}

TEST(Outlines, MayBeMissingButNotMalformed) {
    const TemporaryFolder folder;
    const auto path = folder / "people.json";
    EXPECT_TRUE(read_outlines(path).empty());
    for (const char *text : {"{", R"({"a": 1})", R"({"a": [[[1]]]})", R"([["a"]])"}) {
        std::ofstream(path) << text;
        EXPECT_THROW(read_outlines(path), std::runtime_error) << text;
    }
}

} // namespace
} // namespace deblur
