// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/placed_model.h"

#include <stdexcept>

#include "base/error.h"
#include "engine/model_file.h"
#include "weights/weights.h"

namespace deblur {

namespace {

ModelPtr load(const std::string &path, const char *sha256, const Backend &backend) {
    try {
        const auto model = std::make_shared<const Model>(read_model(path, sha256 ? sha256 : ""));
        backend.check_model(*model);
        return model;
    } catch (const WeightFileError &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, error.what());
    } catch (const std::invalid_argument &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, "weights '" + path + "': " + error.what());
    }
}

void check_config(const NetworkConfig &config, const deblur_options &options) {
    const std::string prefix = std::string("weights '") + options.weights + "': ";
    if (options.model && config.architecture != options.model)
        throw Error(DEBLUR_BAD_WEIGHTS, prefix + "the model is '" + config.architecture +
                                            "', not '" + options.model + "'");
    if (options.window >= 0 && config.window != options.window)
        throw Error(DEBLUR_BAD_WEIGHTS, prefix +
                                            "the window is m = " + std::to_string(config.window) +
                                            ", not m = " + std::to_string(options.window));
}

ModelPtr load_refiner(const deblur_options &options, const char *sha256, const Backend &backend) {
    if (options.refine == 0)
        return nullptr;
    auto refiner = load(options.refiner, sha256, backend);
    if (!refiner->architecture.refines_regions())
        throw Error(DEBLUR_BAD_WEIGHTS, std::string("weights '") + options.refiner + "': the model '" +
                                            refiner->config.architecture + "' refines no regions, brmr does");
    return refiner;
}

} // namespace

std::shared_ptr<const PlacedModel> load_model(const deblur_options &options, const deblur_checksums &checksums,
                                              const Backend &backend) {
    Placement placement = backend.place(options.device, options.precision);
    auto model = load(options.weights, checksums.weights, backend);
    check_config(model->config, options);
    auto refiner = load_refiner(options, checksums.refiner, backend);
    return std::make_shared<const PlacedModel>(
        PlacedModel{options.weights, std::move(placement), std::move(model), std::move(refiner)});
}

} // namespace deblur
