// Damaged and hostile weight files: each is a clear error, none a crash.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>
#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/parameters.h"
#include "network/registry.h"
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
        Case{"[]", 0, "not a JSON object"}, Case{"{", 0, "not a JSON object"},
        Case{R"({"__metadata__":[]})", 0, "__metadata__ is not an object"},
        Case{R"({"__metadata__":{"k":1}})", 0, "'k' is not a string"},
        Case{R"({"a":1})", 0, "lacks dtype"},
        Case{R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", 8, R"(dtype "F64")"},
        Case{R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,8]}})", 8, "dtype 7"},
        Case{R"({"a":{"dtype":"F32","shape":3,"data_offsets":[0,8]}})", 8, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", 8, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}})", 8, "malformed shape"},
        Case{R"({"a":{"dtype":"F32","shape":[4294967295,4294967295,4294967295],)"
             R"("data_offsets":[0,8]}})",
             8, "too large"},
        Case{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", 8,
             "malformed data_offsets"},
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

TEST(Malformed, MissingFile) {
    try {
        read_safetensors("/nonexistent/file.safetensors");
        FAIL();
    } catch (const WeightFileError &error) {
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("/nonexistent/file.safetensors"),
                                                 HasSubstr("No such file")));
    }
}

TEST(Malformed, ADirectoryIsNoFile) {
    EXPECT_THROW(read_safetensors(testing::TempDir()), WeightFileError);
}

// Tensors of a good network, damaged in one respect.
std::string load_error(const std::function<void(TensorMap &)> &damage) {
    const auto network = make_network({"strcnn", 1, true});
    TensorMap tensors;
    for (const auto &[name, tensor] : named_parameters(*network))
        tensors[name] = tensor.detach().clone();
    damage(tensors);
    try {
        load_parameters(*network, tensors);
    } catch (const std::invalid_argument &error) {
        return error.what();
    }
    return "accepted";
}

TEST(LoadParameters, NamesTheTensor) {
    EXPECT_EQ(load_error([](TensorMap &) {}), "accepted");
    EXPECT_THAT(load_error([](TensorMap &t) { t.erase("stem.bias"); }),
                HasSubstr("'stem.bias' is missing"));
    EXPECT_THAT(load_error([](TensorMap &t) { t["stem.extra"] = at::zeros({1}); }),
                HasSubstr("has no tensor 'stem.extra'"));
    EXPECT_THAT(load_error([](TensorMap &t) { t["stem.bias"] = at::zeros({63}); }),
                HasSubstr("'stem.bias' has shape [63] instead of [64]"));
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
        EXPECT_THAT(load_error([bad](TensorMap &t) { t["stem.bias"][5] = bad; }),
                    HasSubstr("'stem.bias' has values that are not finite"));
}

TEST(ConfigFromMetadata, NamesTheKey) {
    const Metadata good{{"architecture", "cnn"}, {"window", "2"}, {"residual", "true"}};
    EXPECT_EQ(config_from_metadata(good).window, 2);
    const auto error = [&](const char *key, const char *value) -> std::string {
        Metadata metadata = good;
        if (value)
            metadata[key] = value;
        else
            metadata.erase(key);
        try {
            config_from_metadata(metadata);
        } catch (const std::invalid_argument &exception) {
            return exception.what();
        }
        return "accepted";
    };
    for (const char *key : {"architecture", "window", "residual"})
        EXPECT_THAT(error(key, nullptr), HasSubstr(key));
    for (const char *value : {"", "x", "-1", "12"})
        EXPECT_THAT(error("window", value), HasSubstr(std::string("'") + value + "'"));
    EXPECT_THAT(error("residual", "yes"), HasSubstr("'yes'"));
}

} // namespace
} // namespace deblur
