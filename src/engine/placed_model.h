// Loaded weights at the place where they compute.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "engine/backend.h"
#include "engine/engine_api.h"
#include "network/model.h"

namespace deblur {

/// Shared by sessions, none of which changes it.
struct PlacedModel {
    std::string path; ///< of the weights
    Placement placement;
    ModelPtr model;
    ModelPtr refiner; ///< the second network, of refine=N; nullptr: none
};

/// @param options completed by the library (engine_api.h)
/// @throws Error with DEBLUR_BAD_WEIGHTS, naming the file and what is wrong with it, or as Backend::place() and check_model()
std::shared_ptr<const PlacedModel> load_model(const deblur_options &options, const deblur_checksums &checksums,
                                              const Backend &backend);

} // namespace deblur
