// An engine for made-up GPUs whose memory is the host's (cuda_driver.c): the CPU's engine, called cuda.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/backend.h"

namespace deblur {

namespace {

class HostBackend : public Backend {
  public:
    Placement place(const std::string &, deblur_precision precision) const override {
        return cpu_backend().place("cpu", precision);
    }

    Stream make_stream(const ModelPtr &model, const InferenceSettings &settings, const std::string &device,
                       const deblur_format &format, const Log &log) const override {
        if (format.memory == DEBLUR_MEMORY_CUDA)
            log(DEBLUR_LOG_INFO, std::string("frames in CUDA memory, ") +
                                     (format.cuda_context ? "with" : "without") + " a context");
        log(DEBLUR_LOG_INFO, "maps in " + std::to_string(settings.memory) + " bytes");
        deblur_format on_host = format;
        on_host.memory = DEBLUR_MEMORY_HOST;
        return cpu_backend().make_stream(model, settings, device, on_host, log);
    }
};

} // namespace

const Backend &module_backend() {
    static const HostBackend backend;
    return backend;
}

} // namespace deblur
