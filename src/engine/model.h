// Loaded weights.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "engine/backend.h"
#include "engine/engine_api.h"

namespace deblur {

/// A network at a place: in its precision on a GPU, in float32 on the CPU. Shared by sessions, none of which changes it.
struct Model {
    std::string path; ///< of the weights
    Placement placement;
    NetworkPtr network;
    NetworkPtr refiner; ///< the second network, of refine=N; nullptr: none
};

/// @param options completed by the library (engine_api.h)
/// @throws Error with DEBLUR_BAD_WEIGHTS, naming the file and what is wrong with it, or as Backend::place()
std::shared_ptr<const Model> load_model(const deblur_options &options,
                                        const deblur_checksums &checksums, const Backend &backend);

} // namespace deblur
