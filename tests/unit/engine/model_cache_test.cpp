// Weights in memory: shared while somebody holds them, and no longer.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <cstdio>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/model_cache.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "torch/network_file.h"

namespace deblur {
namespace {

const Placement kFp32{at::kCPU, at::kFloat}, kBf16{at::kCPU, at::kBFloat16};

std::string write_weights(const std::string &name, const NetworkConfig &config) {
    const std::string path = testing::TempDir() + name;
    write_network_file(path, config_to_metadata(config), named_parameters(*make_network(config)));
    return path;
}

TEST(ModelCache, SharesByPath) {
    const auto path = write_weights("shared.safetensors", {"cnn", 0, true});
    const auto first = shared_network(path, kFp32);
    EXPECT_EQ(shared_network(path, kFp32), first);
    EXPECT_EQ(shared_network(testing::TempDir() + "./shared.safetensors", kFp32), first);
    const auto other = write_weights("other.safetensors", {"cnn", 0, true});
    EXPECT_NE(shared_network(other, kFp32), first);
}

// Streams on the CPU convert the parameters for themselves.
TEST(ModelCache, StaysInFloat32OnTheCpu) {
    const auto path = write_weights("shared.safetensors", {"cnn", 0, true});
    const auto network = shared_network(path, kBf16);
    EXPECT_EQ(network, shared_network(path, kFp32));
    for (const auto &[name, tensor] : named_parameters(*network))
        EXPECT_EQ(tensor.scalar_type(), at::kFloat) << name;
}

TEST(ModelCache, LetsGo) {
    const auto path = write_weights("released.safetensors", {"cnn", 0, true});
    const std::weak_ptr<Network> network = shared_network(path, kFp32);
    EXPECT_FALSE(network.expired()); // the last one stays
    EXPECT_EQ(shared_network(path, kFp32), network.lock());
    shared_network(write_weights("next.safetensors", {"cnn", 0, true}), kFp32);
    EXPECT_TRUE(network.expired());
    std::remove(path.c_str());
    EXPECT_THROW(shared_network(path, kFp32), Error);
}

TEST(ModelCache, ReadsAFileThatHasChanged) {
    const auto path = write_weights("changed.safetensors", {"cnn", 0, true});
    const auto first = shared_network(path, kFp32);
    write_weights("changed.safetensors", {"cnn", 1, true});
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() +
                                               std::chrono::hours(1)); // clocks may be coarse
    EXPECT_EQ(shared_network(path, kFp32)->config().window, 1);
    EXPECT_EQ(first->config().window, 0);
}

TEST(ModelCache, NamesFileAndCause) {
    const NetworkConfig config{"cnn", 0, true};
    auto tensors = named_parameters(*make_network(config));
    tensors.erase("stem.bias");
    const std::string path = testing::TempDir() + "incomplete.safetensors";
    write_network_file(path, config_to_metadata(config), tensors);
    for (const auto &[file, cause] :
         {std::pair{path, "'stem.bias' is missing"},
          std::pair{std::string("/nonexistent.safetensors"), "No such file"}})
        try {
            shared_network(file, kFp32);
            ADD_FAILURE() << file;
        } catch (const Error &error) {
            EXPECT_EQ(error.status(), DEBLUR_BAD_WEIGHTS);
            EXPECT_THAT(error.what(),
                        testing::AllOf(testing::HasSubstr(file), testing::HasSubstr(cause)));
        }
}

} // namespace
} // namespace deblur
