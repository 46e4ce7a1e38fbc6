// What differs between engine modules: where their streams are restored.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <libdeblur/deblur.h>

#include "base/error.h"
#include "engine/pictures.h"
#include "engine/placement.h"
#include "inference/inference_network.h"

namespace deblur {

/// One kind of device.
class Backend {
  public:
    virtual ~Backend() = default;

    /// Chooses what the caller left open, and checks what was asked for.
    ///
    /// @param device "auto", "cpu", "cuda" or "cuda:N"
    /// @throws Error with DEBLUR_NO_DEVICE or DEBLUR_INVALID_ARGUMENT
    virtual Placement place(const std::string &device, deblur_precision precision) const = 0;

    /// What restores one stream. Made, used and destroyed by the stream's own thread.
    struct Stream {
        std::unique_ptr<Pictures> pictures;
        std::unique_ptr<InferenceNetwork> network;

        /// Pictures of another format and the same size, for the same network.
        std::function<std::unique_ptr<Pictures>(const deblur_format &)> make_pictures;
    };

    using Log = std::function<void(deblur_log_level, const std::string &)>;

    /// @throws Error with DEBLUR_NO_ENGINE for what another engine module may be able to compute
    virtual void check_model(const Model &) const {}

    /// @param model  shared, not changed; has passed check_model()
    /// @param device of place()
    virtual Stream make_stream(const ModelPtr &model, const InferenceSettings &settings, const std::string &device,
                               const deblur_format &format, const Log &log) const = 0;

    /// The exception that is being handled.
    virtual Failure current_failure() const { return deblur::current_failure(); }
};

/// The CPU: oneDNN, and vectorised loops over pictures. auto precision is bf16 where the CPU
/// multiplies it natively (AVX512-BF16, AMX), else fp32.
const Backend &cpu_backend();

/// The backend of the module that this is linked into; each module defines it.
const Backend &module_backend();

} // namespace deblur
