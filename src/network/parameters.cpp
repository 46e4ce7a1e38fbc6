// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/parameters.h"

#include <stdexcept>

#include <ATen/ATen.h>

namespace deblur {

namespace {

Shapes shapes_of(const TensorMap &tensors) {
    Shapes shapes;
    for (const auto &[name, tensor] : tensors)
        shapes.emplace(name, tensor.sizes().vec());
    return shapes;
}

} // namespace

TensorMap named_parameters(const Network &network) {
    TensorMap tensors;
    for (const auto &item : network.torch::nn::Module::named_parameters())
        tensors.emplace(item.key(), item.value());
    return tensors;
}

void load_parameters(Network &network, const TensorMap &values) {
    const torch::NoGradGuard no_grad;
    const auto parameters = named_parameters(network);
    check_shapes(network.config(), shapes_of(values));
    for (const auto &[name, parameter] : parameters) {
        const auto &value = values.at(name);
        if (!at::isfinite(value.to(at::kFloat)).all().item<bool>())
            throw std::invalid_argument("tensor '" + name + "' has values that are not finite");
        parameter.data().copy_(value);
    }
}

} // namespace deblur
