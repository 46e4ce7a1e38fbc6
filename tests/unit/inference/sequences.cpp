// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit/inference/sequences.h"

#include <ATen/ATen.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur::test {

using torch::Tensor;

std::vector<std::string> graph_architectures() {
    std::vector<std::string> names;
    auto candidates = architectures();
    candidates.insert(candidates.end(), {"runet", "runet_fast"}); // whose weights are still in training
    for (const auto &name : candidates) {
        const auto network = make_network({name});
        if (!network->graph().empty() && !network->has_map())
            names.push_back(name);
    }
    return names;
}

NetworkPtr lively_network(const NetworkConfig &config) {
    torch::manual_seed(11);
    const torch::NoGradGuard no_grad;
    const auto network = make_network(config);
    for (auto &[name, tensor] : named_parameters(*network))
        if (tensor.dim() == 1)
            tensor.normal_(0, 0.05);
        else if (name == "latent_head.weight")
            tensor.mul_(10);
        else if (name.find("beta") != std::string::npos)
            tensor.fill_(0.2);
    return network;
}

std::vector<std::vector<Tensor>> random_windows(const NetworkConfig &config, int64_t height,
                                                int64_t width, int steps) {
    torch::manual_seed(12);
    std::vector<std::vector<Tensor>> windows(steps);
    for (auto &window : windows)
        for (int i = 0; i <= 2 * config.window; ++i)
            window.push_back(at::rand({1, 3, height, width}));
    return windows;
}

std::vector<Tensor> run(TensorNetwork &network,
                        const std::vector<std::vector<Tensor>> &windows) {
    const torch::NoGradGuard no_grad;
    std::vector<Tensor> corrections;
    for (const auto &window : windows)
        corrections.push_back(network.step(window).clone());
    return corrections;
}

} // namespace deblur::test
