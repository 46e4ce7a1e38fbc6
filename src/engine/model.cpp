// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/model.h"

#include <stdexcept>

#include "base/error.h"
#include "torch/network_file.h"

namespace deblur {

namespace {

// On the CPU every stream lays out the weights for itself, and starts from float32.
at::ScalarType parameter_type(const Placement &placement) {
    return placement.device.is_cpu() ? at::kFloat : placement.type;
}

NetworkPtr load_network(const std::string &path, const char *sha256, const Placement &placement) {
    try {
        const auto network = network_of(read_network_file(path, sha256 ? sha256 : ""));
        const auto type = parameter_type(placement);
        network->to(placement.device, type);
        network->set_compute_type(type);
        return network;
    } catch (const WeightFileError &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, error.what());
    } catch (const std::invalid_argument &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, "weights '" + path + "': " + error.what());
    }
}

void check_network(const NetworkConfig &config, const deblur_options &options) {
    const std::string prefix = std::string("weights '") + options.weights + "': ";
    if (options.model && config.architecture != options.model)
        throw Error(DEBLUR_BAD_WEIGHTS, prefix + "the model is '" + config.architecture +
                                            "', not '" + options.model + "'");
    if (options.window >= 0 && config.window != options.window)
        throw Error(DEBLUR_BAD_WEIGHTS, prefix +
                                            "the window is m = " + std::to_string(config.window) +
                                            ", not m = " + std::to_string(options.window));
}

NetworkPtr load_refiner(const deblur_options &options, const char *sha256,
                        const Placement &placement) {
    if (options.refine == 0)
        return nullptr;
    auto refiner = load_network(options.refiner, sha256, placement);
    if (!refiner->region_refiner())
        throw Error(DEBLUR_BAD_WEIGHTS, std::string("weights '") + options.refiner +
                                            "': the model '" + refiner->config().architecture +
                                            "' refines no regions, brmr does");
    return refiner;
}

} // namespace

std::shared_ptr<const Model> load_model(const deblur_options &options,
                                        const deblur_checksums &checksums, const Backend &backend) {
    const Placement placement = backend.place(options.device, options.precision);
    auto network = load_network(options.weights, checksums.weights, placement);
    check_network(network->config(), options);
    auto refiner = load_refiner(options, checksums.refiner, placement);
    return std::make_shared<const Model>(
        Model{options.weights, placement, std::move(network), std::move(refiner)});
}

} // namespace deblur
