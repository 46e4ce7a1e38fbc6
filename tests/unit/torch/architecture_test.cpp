// What is said of architectures without LibTorch is true of their modules.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/architecture.h"
#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {
namespace {

class EveryName : public testing::TestWithParam<std::string> {};

TEST_P(EveryName, IsDescribedAsItIs) {
    for (const int m : {0, 1, 3})
        for (const int width : {0, 4, 24})
            for (const bool residual : {true, false}) {
                NetworkConfig config{GetParam(), m, residual};
                config.width = width;
                const auto network = make_network(config);
                const auto architecture = describe(config);
                Shapes shapes;
                for (const auto &[name, tensor] : named_parameters(*network))
                    shapes.emplace(name, tensor.sizes().vec());
                EXPECT_EQ(architecture.shapes, shapes) << "m " << m << " width " << width << " residual " << residual;
                EXPECT_EQ(architecture.multiple, network->size_multiple());
                EXPECT_EQ(architecture.refines_regions(), network->region_refiner() != nullptr);
            }
}

std::vector<std::string> every_name() {
    auto names = architectures();
    for (const auto &name : ablations())
        names.push_back(name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(All, EveryName, testing::ValuesIn(every_name()));

TEST(Architecture, HasTheMapThatItsModuleHas) {
    for (const auto &name : architectures())
        EXPECT_EQ(describe({name}).has_map(), make_network({name})->has_map()) << name;
}

} // namespace
} // namespace deblur
