// Damaged and hostile weight files: each is a clear error, none a crash.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/safetensors.h"

namespace deblur {
namespace {

using testing::HasSubstr;

std::string file(const std::string &header, size_t payload) {
    const uint64_t length = header.size();
    std::string contents(reinterpret_cast<const char *>(&length), sizeof length);
    return contents + header + std::string(payload, '\0');
}

std::string parse_error(const std::string &contents) {
    try {
        parse_safetensors(contents.data(), contents.size(), "test.safetensors");
    } catch (const WeightFileError &error) {
        EXPECT_THAT(error.what(), HasSubstr("test.safetensors"));
        return error.what();
    }
    return "accepted";
}

const std::string kGood =
    R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
    R"("b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"__metadata__":{"k":"v"}})";

TEST(Malformed, TheUndamagedFileIsAccepted) {
    EXPECT_EQ(parse_error(file(kGood, 22)), "accepted");
}

TEST(Malformed, TruncatedAnywhere) {
    const std::string contents = file(kGood, 22);
    for (size_t size = 0; size < contents.size(); ++size)
        EXPECT_NE(parse_error(contents.substr(0, size)), "accepted") << size << " bytes";
}

TEST(Malformed, AnyByteOfTheHeaderChanged) {
    std::string contents = file(kGood, 22);
    for (size_t i = 0; i < contents.size() - 22; ++i)
        for (const char replacement : {'\0', '\xff', '"', '}', '9'}) {
            std::string damaged = contents;
            damaged[i] = replacement;
            parse_error(damaged); // an error or, within a name, another name: never a crash
        }
}

TEST(Malformed, HeaderLengthBeyondReason) {
    std::string contents = file(kGood, 22);
    const uint64_t length = std::numeric_limits<uint64_t>::max();
    std::memcpy(contents.data(), &length, sizeof length);
    EXPECT_THAT(parse_error(contents), HasSubstr("not a safetensors file"));
}

struct Case {
    const char *header;
    size_t payload;
    const char *message;
};

class MalformedHeader : public testing::TestWithParam<Case> {};

TEST_P(MalformedHeader, IsNamed) {
    EXPECT_THAT(parse_error(file(GetParam().header, GetParam().payload)),
                HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedHeader,
    testing::Values(
        Case{"[]", 0, "not a JSON object"}, Case{"{", 0, "not JSON"},
        Case{"\xef\xbb\xbf{}", 0, "not a JSON object"}, Case{"{}x", 0, "not JSON"},
        Case{"{\"\xff\":1}", 0, "not JSON"}, Case{R"({"\ud800":1})", 0, "not JSON"},
        Case{R"({"a":null})", 0, "'a' is not an object"},
        Case{R"({"a":[]})", 0, "'a' is not an object"},
        Case{R"({"__metadata__":null,"__metadata__":null})", 0, "'__metadata__' is there twice"},
        Case{R"({"__metadata__":{},"__metadata__":{}})", 0, "'__metadata__' is there twice"},
        Case{R"({"__metadata__":{"k":"1","k":"2"}})", 0, "'k' twice"},
        Case{R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
             R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
             4, "'a' is there twice"},
        Case{R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4,
             "'dtype' twice"},
        Case{R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}})", 4, "two data_offsets"},
        Case{R"({"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}})", 0, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})", 4,
             "8 dimensions"},
        Case{R"({"__metadata__":[]})", 0, "__metadata__ is not an object"},
        Case{R"({"__metadata__":{"k":1}})", 0, "'k' is not a string"},
        Case{R"({"a":{}})", 0, "lacks dtype"},
        Case{R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", 8,
             "dtype must be one of F32, F16, BF16, I64 (got 'F64')"},
        Case{R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,8]}})", 8, "malformed dtype"},
        Case{R"({"a":{"dtype":"F32","shape":3,"data_offsets":[0,8]}})", 8, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", 8, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}})", 8, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[4294967295,4294967295,4294967295],)"
             R"("data_offsets":[0,8]}})",
             8, "too large"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", 8, "two data_offsets"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8, "outside"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}})", 8, "outside"},
        Case{R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", 8, "do not fit"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
             R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
             12, "overlap or leave gaps"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12,
             "overlap or leave gaps"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 12,
             "behind the last tensor"}));

// As huggingface's safetensors 0.8 does.
TEST(Malformed, WhatHasNoMeaningIsIgnored) {
    const std::string tensor = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
    for (
        const std::string &header :
        {"{\"__metadata__\":null," + tensor + "}", " {" + tensor + "} \t\n",
         std::string(
             R"({"a":{"x":{"y":[[1,null,"z",true,-2,0.5]]},"dtype":"F32","shape":[1],"data_offsets":[0,4]}})"),
         R"({"a":{"dtype":"F32","x":)" + std::string(100, '[') + std::string(100, ']') +
             R"(,"shape":[1],"data_offsets":[0,4]}})",
         R"({"\u005f_metadata__":{"k":"v"},)" + tensor + "}"})
        EXPECT_EQ(parse_error(file(header, 4)), "accepted") << header;
    EXPECT_EQ(parse_error(file("{}", 0)), "accepted");
}

TEST(Malformed, NestingIsBounded) {
    for (const char *where : {"dtype", "shape", "data_offsets", "x"})
        for (const auto &[open, close] : {std::pair{"[", "]"}, std::pair{"{\"a\":", "}"}}) {
            std::string header = std::string(R"({"a":{")") + where + "\":";
            for (int i = 0; i < 600'000; ++i)
                header += open;
            const std::string message = parse_error(file(header, 0));
            EXPECT_THAT(message, testing::AnyOf(HasSubstr("nested"), HasSubstr("malformed")));
            EXPECT_LT(message.size(), 300u);
        }
}

TEST(Malformed, MessagesAreOneShortLine) {
    const std::string name = "\\n" + std::string(100'000, 'x');
    for (const std::string &header :
         {R"({")" + name + R"(":1})", R"({"a":{"dtype":")" + name + R"("}})",
          R"({"__metadata__":{")" + name + R"(":1}})",
          R"({")" + name + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})",
          R"({"a":)" + name + "}"}) {
        const std::string message = parse_error(file(header, 8));
        EXPECT_LT(message.size(), 300u);
        EXPECT_EQ(message.find('\n'), std::string::npos);
    }
}

} // namespace
} // namespace deblur
