// What is written is what is read.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/parameters.h"
#include "network/registry.h"
#include "weights/safetensors.h"

namespace deblur {
namespace {

std::string path(const char *name) {
    return testing::TempDir() + name;
}

TEST(Safetensors, RoundTripOfEveryType) {
    WeightFile file;
    file.metadata = {{"architecture", "x"}, {"text", "quotes \" and ü and \n"}};
    file.tensors["a.f32"] = at::randn({3, 4, 5});
    file.tensors["b.f16"] = at::randn({7}).to(at::kHalf);
    file.tensors["c.bf16"] = at::randn({2, 2}).to(at::kBFloat16);
    file.tensors["d.i64"] = at::arange(9);
    file.tensors["e.scalar"] = at::full({}, 0.5);
    file.tensors["f.empty"] = at::zeros({0, 4});
    file.tensors["g.strided"] = at::randn({4, 6}).t();
    write_safetensors(path("round.safetensors"), file);

    const WeightFile read = read_safetensors(path("round.safetensors"));
    EXPECT_EQ(read.metadata, file.metadata);
    ASSERT_EQ(read.tensors.size(), file.tensors.size());
    for (const auto &[name, tensor] : file.tensors) {
        ASSERT_EQ(read.tensors.count(name), 1u) << name;
        EXPECT_EQ(read.tensors.at(name).scalar_type(), tensor.scalar_type()) << name;
        EXPECT_TRUE(at::equal(read.tensors.at(name), tensor)) << name;
    }
    EXPECT_FALSE(std::ifstream(path("round.safetensors.partial")));
}

TEST(Safetensors, RoundTripOfANetwork) {
    const torch::NoGradGuard no_grad;
    for (const auto &architecture : architectures()) {
        const NetworkConfig config{architecture, 2, false};
        const auto network = make_network(config);
        write_safetensors(path("net.safetensors"),
                          {config_to_metadata(config), named_parameters(*network)});

        const WeightFile file = read_safetensors(path("net.safetensors"));
        const NetworkConfig stored = config_from_metadata(file.metadata);
        EXPECT_EQ(stored.architecture, architecture);
        EXPECT_EQ(stored.window, 2);
        EXPECT_FALSE(stored.residual);
        const auto copy = make_network(stored);
        load_parameters(*copy, file.tensors);
        const auto side = std::max<int64_t>(network->size_multiple(), 8);
        const auto window = at::rand({1, 15, side, side});
        EXPECT_TRUE(
            at::equal(copy->step(window, {}).correction, network->step(window, {}).correction));
    }
}

TEST(Safetensors, UnwritableTypesAndPlacesAreErrors) {
    WeightFile file;
    file.tensors["bool"] = at::zeros({2}, at::kBool);
    EXPECT_THROW(write_safetensors(path("x.safetensors"), file), WeightFileError);
    EXPECT_THROW(write_safetensors(path("no/such/folder.safetensors"), {}), WeightFileError);
}

} // namespace
} // namespace deblur
