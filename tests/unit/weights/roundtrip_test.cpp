// What is written is what is read.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/safetensors.h"

namespace deblur {
namespace {

std::string path(const char *name) {
    return testing::TempDir() + name;
}

WeightTensor tensor(Dtype dtype, std::vector<int64_t> shape) {
    WeightTensor tensor{dtype, std::move(shape), {}};
    tensor.bytes.resize(static_cast<size_t>(tensor.elements()) * element_size(dtype));
    for (size_t i = 0; i < tensor.bytes.size(); ++i)
        tensor.bytes[i] = static_cast<char>(i * 7);
    return tensor;
}

TEST(Safetensors, RoundTripOfEveryType) {
    WeightFile file;
    file.metadata = {{"architecture", "x"}, {"text", "quotes \" and ü and \n"}};
    file.tensors["a.f32"] = tensor(Dtype::F32, {3, 4, 5});
    file.tensors["b.f16"] = tensor(Dtype::F16, {7});
    file.tensors["c.bf16"] = tensor(Dtype::BF16, {2, 2});
    file.tensors["d.i64"] = tensor(Dtype::I64, {9});
    file.tensors["e.scalar"] = tensor(Dtype::F32, {});
    file.tensors["f.empty"] = tensor(Dtype::F32, {0, 4});
    write_safetensors(path("round.safetensors"), file);

    const WeightFile read = read_safetensors(path("round.safetensors"));
    EXPECT_EQ(read.metadata, file.metadata);
    ASSERT_EQ(read.tensors.size(), file.tensors.size());
    for (const auto &[name, written] : file.tensors) {
        ASSERT_EQ(read.tensors.count(name), 1u) << name;
        EXPECT_EQ(read.tensors.at(name).dtype, written.dtype) << name;
        EXPECT_EQ(read.tensors.at(name).shape, written.shape) << name;
        EXPECT_EQ(read.tensors.at(name).bytes, written.bytes) << name;
    }
}

TEST(Safetensors, FloatsOfEveryFloatingType) {
    const auto of = [](Dtype dtype, std::vector<uint8_t> bytes) {
        return to_floats({dtype, {1}, {bytes.begin(), bytes.end()}});
    };
    EXPECT_EQ(of(Dtype::F32, {0, 0, 0x20, 0xc0}), std::vector<float>{-2.5f});
    EXPECT_EQ(of(Dtype::F16, {0, 0xc1}), std::vector<float>{-2.5f});
    EXPECT_EQ(of(Dtype::BF16, {0x20, 0xc0}), std::vector<float>{-2.5f});
    EXPECT_THROW(of(Dtype::I64, {0, 0, 0, 0, 0, 0, 0, 0}), std::invalid_argument);
}

TEST(Safetensors, UnwritablePlacesAreErrors) {
    EXPECT_THROW(write_safetensors(path("no/such/folder.safetensors"), {}), WeightFileError);
}

} // namespace
} // namespace deblur
