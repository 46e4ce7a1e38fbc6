// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/weight_tensors.h"

#include <cstring>

#include <ATen/ATen.h>

namespace deblur {

namespace {

struct Type {
    Dtype dtype;
    at::ScalarType type;
};

constexpr Type kTypes[] = {{Dtype::F32, at::kFloat},
                           {Dtype::F16, at::kHalf},
                           {Dtype::BF16, at::kBFloat16},
                           {Dtype::I64, at::kLong}};

at::ScalarType type_of(Dtype dtype) {
    for (const auto &entry : kTypes)
        if (entry.dtype == dtype)
            return entry.type;
    return at::ScalarType::Undefined;
}

Dtype dtype_of(const std::string &name, const torch::Tensor &tensor) {
    for (const auto &entry : kTypes)
        if (entry.type == tensor.scalar_type())
            return entry.dtype;
    throw WeightFileError("tensor '" + name + "' has a type that cannot be written");
}

} // namespace

TensorMap to_tensors(const WeightFile &file) {
    TensorMap tensors;
    for (const auto &[name, plain] : file.tensors) {
        auto tensor = at::empty(plain.shape, at::TensorOptions(type_of(plain.dtype)));
        if (!plain.bytes.empty())
            std::memcpy(tensor.data_ptr(), plain.bytes.data(), plain.bytes.size());
        tensors.emplace(name, std::move(tensor));
    }
    return tensors;
}

WeightFile to_weight_file(const Metadata &metadata, const TensorMap &tensors) {
    WeightFile file{metadata, {}};
    for (const auto &[name, tensor] : tensors) {
        const Dtype dtype = dtype_of(name, tensor);
        const auto plain = tensor.detach().cpu().contiguous();
        const auto *begin = static_cast<const char *>(plain.data_ptr());
        std::vector<char> bytes(begin, begin + plain.nbytes());
        file.tensors.emplace(name, WeightTensor{dtype, plain.sizes().vec(), std::move(bytes)});
    }
    return file;
}

} // namespace deblur
