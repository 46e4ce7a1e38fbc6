// What the CPU's engine makes of sequences: apart, for builds without that engine.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_network.h"
#include "torch/model_network.h"
#include "torch/on_images.h"
#include "unit/inference/sequences.h"

namespace deblur::test {

InferenceSettings to_inference_settings(const TensorSettings &settings) {
    InferenceSettings result;
    for (const auto precision : {Precision::BFloat16, Precision::Float16, Precision::Int8})
        if (settings.type == to_type(precision))
            result.precision = precision;
    result.height = static_cast<int>(settings.height);
    result.width = static_cast<int>(settings.width);
    result.threads = settings.threads;
    result.passes = settings.passes;
    result.focus = settings.focus;
    return result;
}

std::unique_ptr<TensorNetwork> cpu_network(const Network &network, const TensorSettings &settings) {
    return on_tensors(
        make_cpu_network(std::make_shared<const Model>(to_model(network)), to_inference_settings(settings)));
}

std::unique_ptr<TensorNetwork> cpu_network(const Network &network, const TensorSettings &settings,
                                           cpu::Blocking blocking) {
    return on_tensors(std::make_unique<CpuNetwork>(to_model(network), to_inference_settings(settings), blocking));
}

} // namespace deblur::test
