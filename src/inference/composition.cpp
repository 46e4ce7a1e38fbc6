// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/composition.h"

#include <utility>

#include "inference/focusing_network.h"
#include "inference/perceiving_network.h"
#include "inference/refining_network.h"
#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {

NetworkPtr converted(const Network &network, const InferenceSettings &settings) {
    const auto copy = make_network(network.config());
    load_parameters(*copy, named_parameters(network));
    copy->to(settings.device, settings.type);
    copy->set_compute_type(settings.type);
    copy->set_passes(settings.passes);
    return copy;
}

std::unique_ptr<InferenceNetwork> with_perception(std::unique_ptr<InferenceNetwork> graph, const Network &network,
                                                  const InferenceSettings &settings) {
    if (!network.has_map())
        return graph;
    return std::make_unique<PerceivingNetwork>(converted(network, settings), std::move(graph));
}

std::unique_ptr<InferenceNetwork> with_extras(std::unique_ptr<InferenceNetwork> made,
                                              const InferenceSettings &settings) {
    if (settings.refiner)
        made = std::make_unique<RefiningNetwork>(
            std::move(made), RefinementStage(converted(*settings.refiner, settings), settings.refine));
    if (settings.focus > 0)
        made = std::make_unique<FocusingNetwork>(std::move(made), settings.focus);
    return made;
}

} // namespace deblur
