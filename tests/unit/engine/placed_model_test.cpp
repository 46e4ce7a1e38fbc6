// Weights of files in memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "engine/placed_model.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "torch/network_file.h"
#include "weights/sha256.h"

namespace deblur {
namespace {

std::string write_weights(const std::string &name, const NetworkConfig &config) {
    const std::string path = testing::TempDir() + name;
    write_network_file(path, config_to_metadata(config), named_parameters(*make_network(config)));
    return path;
}

// The network of a file, for a precision on the CPU.
std::shared_ptr<const PlacedModel> load(const std::string &path,
                                  deblur_precision precision = DEBLUR_PRECISION_FP32,
                                  const char *sha256 = nullptr) {
    deblur_options options{};
    options.weights = path.c_str();
    options.device = "cpu";
    options.window = -1;
    options.precision = precision;
    return load_model(options, {sha256, nullptr}, cpu_backend());
}

// Whatever a file holds, it is float32 in memory.
TEST(Model, HoldsFloat32) {
    const NetworkConfig config{"cnn", 0, true};
    const auto network = make_network(config);
    network->to(at::kBFloat16);
    const std::string path = testing::TempDir() + "brief.safetensors";
    write_network_file(path, config_to_metadata(config), named_parameters(*network));
    const auto loaded = load(path);
    EXPECT_EQ(loaded->refiner, nullptr);
    for (const auto &[name, tensor] : named_parameters(*network)) {
        const auto &parameter = loaded->model->parameters.at(name);
        EXPECT_EQ(tensor.sizes(), at::IntArrayRef(parameter.shape)) << name;
        const auto values = at::tensor(parameter.values).view(tensor.sizes());
        EXPECT_TRUE(values.equal(tensor.detach().to(at::kFloat))) << name;
    }
}

TEST(Model, IsComparedWithItsChecksum) {
    const auto path = write_weights("summed.safetensors", {"cnn", 0, true});
    std::ifstream stream(path, std::ios::binary);
    std::string contents{std::istreambuf_iterator<char>(stream), {}};
    Sha256 sum;
    sum.add(contents.data(), contents.size());
    const std::string digest = sum.digest();
    EXPECT_NO_THROW(load(path, DEBLUR_PRECISION_FP32, digest.c_str()));

    contents[contents.size() - 100] ^= 1;
    std::ofstream(path, std::ios::binary) << contents;
    EXPECT_NO_THROW(load(path));
    try {
        load(path, DEBLUR_PRECISION_FP32, digest.c_str());
        ADD_FAILURE();
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DEBLUR_BAD_WEIGHTS);
        EXPECT_THAT(error.what(),
                    testing::AllOf(testing::HasSubstr(path), testing::HasSubstr("SHA-256")));
    }
}

TEST(Model, NamesFileAndCause) {
    const NetworkConfig config{"cnn", 0, true};
    auto tensors = named_parameters(*make_network(config));
    tensors.erase("stem.bias");
    const std::string path = testing::TempDir() + "incomplete.safetensors";
    write_network_file(path, config_to_metadata(config), tensors);
    for (const auto &[file, cause] :
         {std::pair{path, "'stem.bias' is missing"},
          std::pair{std::string("/nonexistent.safetensors"), "No such file"}})
        try {
            load(file);
            ADD_FAILURE() << file;
        } catch (const Error &error) {
            EXPECT_EQ(error.status(), DEBLUR_BAD_WEIGHTS);
            EXPECT_THAT(error.what(),
                        testing::AllOf(testing::HasSubstr(file), testing::HasSubstr(cause)));
        }
}

} // namespace
} // namespace deblur
