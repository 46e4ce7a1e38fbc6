// Networks in weight files: what fits, and what does not.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <functional>
#include <limits>

#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/registry.h"
#include "torch/network_file.h"
#include "torch/weight_tensors.h"
#include "weights/safetensors.h"

namespace deblur {
namespace {

using testing::HasSubstr;

std::string path() {
    return testing::TempDir() + "network.safetensors";
}

TEST(WeightTensors, RoundTripOfEveryType) {
    const TensorMap tensors{{"f32", at::randn({3, 4, 5})},
                            {"f16", at::randn({7}).to(at::kHalf)},
                            {"bf16", at::randn({2, 2}).to(at::kBFloat16)},
                            {"i64", at::arange(9)},
                            {"scalar", at::full({}, 0.5)},
                            {"empty", at::zeros({0, 4})},
                            {"strided", at::randn({4, 6}).t()}};
    const auto read = to_tensors(to_weight_file({}, tensors));
    ASSERT_EQ(read.size(), tensors.size());
    for (const auto &[name, tensor] : tensors) {
        EXPECT_EQ(read.at(name).scalar_type(), tensor.scalar_type()) << name;
        EXPECT_TRUE(at::equal(read.at(name), tensor)) << name;
    }
    EXPECT_THROW(to_weight_file({}, {{"bool", at::zeros({2}, at::kBool)}}), WeightFileError);
}

TEST(NetworkFile, RoundTripOfEveryArchitecture) {
    const torch::NoGradGuard no_grad;
    for (const auto &architecture : architectures()) {
        const NetworkConfig config{architecture, 2, false};
        const auto network = make_network(config);
        write_network_file(path(), config_to_metadata(config), named_parameters(*network));

        const auto stored = read_network_file(path());
        EXPECT_EQ(stored.config.architecture, architecture);
        EXPECT_EQ(stored.config.window, 2);
        EXPECT_FALSE(stored.config.residual);
        const auto copy = network_of(stored);
        const auto side = std::max<int64_t>(network->size_multiple(), 8);
        const auto window = at::rand({1, 15, side, side});
        EXPECT_TRUE(
            at::equal(copy->step(window, {}).correction, network->step(window, {}).correction));
    }
}

std::string read_error(const Metadata &metadata) {
    write_safetensors(path(), {metadata, {{"stem.bias", {Dtype::F32, {1}, {0, 0, 0, 0}}}}});
    try {
        read_network_file(path());
    } catch (const std::invalid_argument &error) {
        return error.what();
    }
    return "accepted";
}

// Highest so far, in bytes.
int64_t resident_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return int64_t{usage.ru_maxrss} << 10;
}

TEST(NetworkFile, TakesNoMemoryForNetworksThatItDoesNotHold) {
    const auto before = resident_memory();
    for (const char *architecture : {"brmr", "human"})
        EXPECT_THAT(read_error({{"architecture", architecture},
                                {"window", "3"},
                                {"residual", "true"},
                                {"width", "256"}}),
                    HasSubstr("has no tensor 'stem.bias'"));
    EXPECT_LT(resident_memory() - before, 50 << 20);
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
