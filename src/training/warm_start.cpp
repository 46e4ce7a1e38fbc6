// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/warm_start.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <ATen/ATen.h>

namespace deblur {

namespace {

// Every architecture takes its window in one layer, frames after each other in its input channels.
constexpr const char *kWindowLayer = "stem.weight";

// Of tensors, those that the network has by name and shape; of the network, the others.
TensorMap completed(const Network &network, const TensorMap &tensors) {
    TensorMap complete = named_parameters(network);
    int64_t common = 0;
    for (auto &[name, tensor] : complete)
        if (const auto found = tensors.find(name); found != tensors.end() && found->second.sizes() == tensor.sizes()) {
            tensor = found->second;
            ++common;
        }
    if (common == 0)
        throw std::invalid_argument("architecture " + network.config().architecture +
                                    " has no tensor in common with the weights to start from");
    return complete;
}

} // namespace

void warm_start(Network &network, TensorMap tensors, const NetworkConfig &config) {
    if (config.architecture != network.config().architecture)
        return load_parameters(network, completed(network, tensors));
    const auto found = tensors.find(kWindowLayer);
    const int window = config.window, wanted = network.config().window;
    if (found != tensors.end() && window != wanted) {
        const auto &old = found->second;
        const int64_t per_frame = old.size(1) / (2 * window + 1);
        auto sizes = old.sizes().vec();
        sizes[1] = per_frame * network.window_frames();
        auto adapted = at::zeros(sizes, old.options());
        const int64_t shared = std::min(window, wanted);
        const int64_t count = per_frame * (2 * shared + 1);
        adapted.narrow(1, per_frame * (wanted - shared), count)
            .copy_(old.narrow(1, per_frame * (window - shared), count));
        found->second = adapted;
    }
    load_parameters(network, tensors);
}

TensorMap weighted_mean(const std::vector<MeanPart> &parts) {
    double total = 0;
    for (const auto &part : parts) {
        if (!(part.share > 0) || !std::isfinite(part.share))
            throw std::invalid_argument("a share of a mean is a number above 0");
        if (part.tensors.size() != parts[0].tensors.size())
            throw std::invalid_argument("weights that are averaged have other tensors than each other");
        total += part.share;
    }
    if (parts.empty())
        throw std::invalid_argument("a mean needs weights");
    TensorMap mean;
    for (const auto &[name, first] : parts[0].tensors) {
        auto sum = at::zeros(first.sizes(), at::kFloat);
        for (const auto &part : parts) {
            const auto found = part.tensors.find(name);
            if (found == part.tensors.end() || found->second.sizes() != first.sizes())
                throw std::invalid_argument("weights that are averaged differ in tensor " + name);
            sum.add_(found->second.to(at::kFloat), part.share / total);
        }
        mean.emplace(name, sum);
    }
    return mean;
}

} // namespace deblur
