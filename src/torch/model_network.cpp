// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/model_network.h"

#include <ATen/ATen.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {

NetworkPtr to_network(const Model &model) {
    auto network = make_network(model.config);
    TensorMap tensors;
    for (const auto &[name, parameter] : model.parameters)
        tensors.emplace(name, at::from_blob(const_cast<float *>(parameter.values.data()), parameter.shape, at::kFloat));
    load_parameters(*network, tensors); // copies
    return network;
}

Model to_model(const Network &network) {
    Model model{network.config(), describe(network.config()), {}};
    for (const auto &[name, tensor] : named_parameters(network)) {
        const auto plain = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
        const auto *begin = plain.data_ptr<float>();
        model.parameters.emplace(name, Parameter{plain.sizes().vec(), {begin, begin + plain.numel()}});
    }
    return model;
}

at::ScalarType to_type(Precision precision) {
    switch (precision) {
    case Precision::Float32:
        return at::kFloat;
    case Precision::BFloat16:
        return at::kBFloat16;
    case Precision::Float16:
        return at::kHalf;
    case Precision::Int8:
        return at::kChar;
    }
    return at::kFloat;
}

TensorSettings to_tensor_settings(const InferenceSettings &settings, at::Device device) {
    return {device,
            to_type(settings.precision),
            settings.height,
            settings.width,
            settings.threads,
            settings.passes,
            settings.refiner ? to_network(*settings.refiner) : nullptr,
            settings.refine,
            settings.focus,
            settings.memory};
}

} // namespace deblur
