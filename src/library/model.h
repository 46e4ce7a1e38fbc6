// Loaded weights behind the public API, counted by their users.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "engine/engine_api.h"

namespace deblur {

/// An engine's model, closed with its last user.
struct LoadedModel {
    const deblur_engine_table *engine = nullptr;
    std::shared_ptr<deblur_engine_model> model;
};

/// @return a deblur_status; the log of the options has been told about an error
int open_model(const deblur_engine_table &engine, const deblur_options &options,
               const deblur_checksums &checksums, LoadedModel &opened);

} // namespace deblur
