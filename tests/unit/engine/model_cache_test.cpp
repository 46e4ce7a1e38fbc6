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

std::string write_weights(const std::string &name, const NetworkConfig &config) {
    const std::string path = testing::TempDir() + name;
    write_network_file(path, config_to_metadata(config), named_parameters(*make_network(config)));
    return path;
}

TEST(ModelCache, SharesByPath) {
    const auto path = write_weights("shared.safetensors", {"cnn", 0, true});
    const auto first = shared_model(path);
    EXPECT_EQ(shared_model(path), first);
    EXPECT_EQ(shared_model(testing::TempDir() + "./shared.safetensors"), first);
    const auto other = write_weights("other.safetensors", {"cnn", 0, true});
    EXPECT_NE(shared_model(other), first);
}

// Whatever a file holds, it is float32 in memory.
TEST(ModelCache, HoldsFloat32) {
    const NetworkConfig config{"cnn", 0, true};
    const auto network = make_network(config);
    network->to(at::kBFloat16);
    const std::string path = testing::TempDir() + "brief.safetensors";
    write_network_file(path, config_to_metadata(config), named_parameters(*network));
    const auto model = shared_model(path);
    for (const auto &[name, tensor] : named_parameters(*network)) {
        const auto &parameter = model->parameters.at(name);
        EXPECT_EQ(tensor.sizes(), at::IntArrayRef(parameter.shape)) << name;
        const auto values = at::tensor(parameter.values).view(tensor.sizes());
        EXPECT_TRUE(values.equal(tensor.detach().to(at::kFloat))) << name;
    }
}

TEST(ModelCache, LetsGo) {
    const auto path = write_weights("released.safetensors", {"cnn", 0, true});
    const std::weak_ptr<const Model> network = shared_model(path);
    EXPECT_FALSE(network.expired()); // the last one stays
    EXPECT_EQ(shared_model(path), network.lock());
    shared_model(write_weights("next.safetensors", {"cnn", 0, true}));
    EXPECT_TRUE(network.expired());
    std::remove(path.c_str());
    EXPECT_THROW(shared_model(path), Error);
}

TEST(ModelCache, ReadsAFileThatHasChanged) {
    const auto path = write_weights("changed.safetensors", {"cnn", 0, true});
    const auto first = shared_model(path);
    write_weights("changed.safetensors", {"cnn", 1, true});
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() +
                                               std::chrono::hours(1)); // clocks may be coarse
    EXPECT_EQ(shared_model(path)->config.window, 1);
    EXPECT_EQ(first->config.window, 0);
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
            shared_model(file);
            ADD_FAILURE() << file;
        } catch (const Error &error) {
            EXPECT_EQ(error.status(), DEBLUR_BAD_WEIGHTS);
            EXPECT_THAT(error.what(),
                        testing::AllOf(testing::HasSubstr(file), testing::HasSubstr(cause)));
        }
}

} // namespace
} // namespace deblur
