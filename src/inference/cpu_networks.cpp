// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "inference/cpu_network.h"
#include "inference/focusing_network.h"
#include "inference/mining_network.h"
#include "inference/perceiving_network.h"
#include "inference/pyramid_network.h"

namespace deblur {

namespace {

std::unique_ptr<InferenceNetwork> make_step(const ModelPtr &model, const InferenceSettings &settings) {
    switch (model->architecture.composition) {
    case Composition::Plain:
        return std::make_unique<CpuNetwork>(*model, settings);
    case Composition::Gated:
        return std::make_unique<GatedNetwork>(*model, settings);
    case Composition::Guided:
        return std::make_unique<GuidedNetwork>(*model, settings);
    case Composition::Pyramid:
        return std::make_unique<PyramidNetwork>(*model, settings);
    case Composition::Mining:
        return std::make_unique<MiningNetwork>(*model, settings);
    }
    throw std::logic_error("a composition of an unknown kind");
}

} // namespace

void check_computable(const Model &model) {
    // Batch normalisation, of generators that make pictures, is not among the CPU engine's operations.
    if (model.architecture.composition == Composition::Mining && !model.config.residual)
        throw Error(DEBLUR_NO_ENGINE, "weights of the model '" + model.config.architecture +
                                          "' that are not residual need the engine of LibTorch");
}

std::unique_ptr<InferenceNetwork> make_cpu_network(const ModelPtr &model, const InferenceSettings &settings) {
    check_computable(*model);
    auto network = make_step(model, settings);
    if (settings.refiner) {
        check_computable(*settings.refiner);
        network = std::make_unique<RefiningNetwork>(std::move(network), settings);
    }
    if (settings.focus > 0)
        network = std::make_unique<FocusingNetwork>(std::move(network), settings.focus);
    return network;
}

} // namespace deblur
