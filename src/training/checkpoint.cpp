// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/checkpoint.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "torch/network_file.h"
#include "torch/weight_tensors.h"
#include "weights/safetensors.h"

namespace deblur {

namespace {

void add(TensorMap &all, const std::string &prefix, const TensorMap &some) {
    for (const auto &[name, tensor] : some)
        all.emplace(prefix + name, tensor);
}

TensorMap with_prefix(const TensorMap &all, const std::string &prefix) {
    TensorMap some;
    for (const auto &[name, tensor] : all)
        if (name.compare(0, prefix.size(), prefix) == 0)
            some.emplace(name.substr(prefix.size()), tensor);
    return some;
}

std::string exact(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
}

const std::string &require(const Metadata &metadata, const std::string &key) {
    const auto found = metadata.find(key);
    if (found == metadata.end())
        throw std::invalid_argument("not a training checkpoint: '" + key + "' is missing");
    return found->second;
}

} // namespace

void write_checkpoint(const std::string &path, const Network &network, const std::optional<Optimizer> &optimizer,
                      const std::optional<Optimizer> &adversary, const Progress &progress) {
    auto metadata = config_to_metadata(network.config());
    metadata["step"] = std::to_string(progress.step);
    metadata["seconds"] = exact(progress.seconds);
    metadata["best"] = exact(progress.best);
    TensorMap tensors;
    add(tensors, "parameter.", named_parameters(network));
    add(tensors, "average.", progress.average);
    if (optimizer)
        add(tensors, "optimizer.", optimizer->state());
    if (adversary)
        add(tensors, "adversary.", adversary->state());
    write_network_file(path, metadata, tensors);
}

Progress read_checkpoint(const std::string &path, Network &network, std::optional<Optimizer> &optimizer,
                         std::optional<Optimizer> &adversary) {
    const auto file = read_safetensors(path);
    const auto tensors = to_tensors(file);
    const auto config = config_from_metadata(file.metadata);
    if (config_to_metadata(config) != config_to_metadata(network.config()))
        throw std::invalid_argument("checkpoint '" + path + "' is of another network: " +
                                    config.architecture + ", m = " + std::to_string(config.window));
    load_parameters(network, with_prefix(tensors, "parameter."));
    if (optimizer)
        optimizer->load_state(with_prefix(tensors, "optimizer."));
    if (adversary)
        adversary->load_state(with_prefix(tensors, "adversary."));
    Progress progress;
    progress.step = std::stoll(require(file.metadata, "step"));
    progress.seconds = std::stod(require(file.metadata, "seconds"));
    progress.best = std::stod(require(file.metadata, "best"));
    progress.average = with_prefix(tensors, "average.");
    return progress;
}

void write_weights(const std::string &path, const Network &network, const TensorMap &parameters,
                   const Metadata &metadata) {
    auto all_metadata = config_to_metadata(network.config());
    all_metadata.insert(metadata.begin(), metadata.end());
    TensorMap tensors;
    for (const auto &[name, tensor] : parameters)
        tensors.emplace(name, tensor.detach().to(at::kHalf));
    write_network_file(path, all_metadata, tensors);
}

} // namespace deblur
