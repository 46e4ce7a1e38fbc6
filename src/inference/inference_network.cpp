// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/inference_network.h"

#include <stdexcept>

#include "inference/cpu_network.h"
#include "inference/torch_network.h"
#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {

namespace {

NetworkPtr converted(const Network &network, const InferenceSettings &settings) {
    const auto copy = make_network(network.config());
    load_parameters(*copy, named_parameters(network));
    copy->to(settings.device, settings.type);
    copy->set_compute_type(settings.type);
    return copy;
}

} // namespace

std::unique_ptr<InferenceNetwork> make_inference_network(NetworkPtr network,
                                                         const InferenceSettings &settings) {
    if (!settings.device.is_cpu())
        return std::make_unique<TorchNetwork>(std::move(network));
    try {
        return std::make_unique<CpuNetwork>(*network, settings);
    } catch (const std::runtime_error &) {
        // oneDNN has no bfloat16 for CPUs without AVX-512; LibTorch computes it on every one.
        return std::make_unique<TorchNetwork>(converted(*network, settings));
    }
}

} // namespace deblur
