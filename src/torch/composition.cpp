// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/composition.h"

#include <utility>

#include "torch/focusing_network.h"
#include "torch/perceiving_network.h"
#include "torch/refining_network.h"
#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {

NetworkPtr converted(const Network &network, const TensorSettings &settings) {
    const auto copy = make_network(network.config());
    load_parameters(*copy, named_parameters(network));
    copy->to(settings.device, settings.type);
    copy->set_compute_type(settings.type);
    copy->set_passes(settings.passes);
    return copy;
}

std::unique_ptr<TensorNetwork> with_perception(std::unique_ptr<TensorNetwork> graph, const Network &network,
                                                  const TensorSettings &settings) {
    if (!network.has_map())
        return graph;
    return std::make_unique<PerceivingNetwork>(converted(network, settings), std::move(graph));
}

std::unique_ptr<TensorNetwork> with_extras(std::unique_ptr<TensorNetwork> made,
                                              const TensorSettings &settings) {
    if (settings.refiner)
        made = std::make_unique<RefiningNetwork>(
            std::move(made), RefinementStage(converted(*settings.refiner, settings), settings.refine));
    if (settings.focus > 0)
        made = std::make_unique<FocusingNetwork>(std::move(made), settings.focus);
    return made;
}

} // namespace deblur
