// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/selection.h"

#include <filesystem>
#include <string>

#include "base/error.h"
#include "library/engine_loader.h"
#include "library/gpu.h"

namespace deblur {

namespace {

bool is_installed(EngineKind kind) {
    std::error_code ignored; // what cannot be looked at is not there
    return std::filesystem::exists(engine_path(kind), ignored);
}

// What speaks against CUDA, found without loading its engine; empty if nothing does. Sets name to the GPU's.
std::string obstacle_to_cuda(std::string &name) {
    if (!is_installed(EngineKind::Cuda))
        return "no engine for CUDA is installed";
    const Gpu gpu = find_gpu();
    name = gpu.name;
    return gpu.obstacle;
}

int open_with(EngineKind kind, const deblur_options &options, const deblur_format &format,
              OpenSession &opened) {
    opened.engine = &load_engine(kind);
    return opened.engine->open(&opened.session, &options, &format);
}

// Sets reason if no session is open.
int try_cpu(const deblur_options &options, const deblur_format &format, Log &log, OpenSession &opened,
            std::string &reason) {
    const HeldErrors errors(log);
    const int status = open_with(EngineKind::Cpu, options, format, opened);
    reason = errors.last();
    return status;
}

// By the CPU's engine, or by LibTorch's if that says it does not know the model.
int open_on_cpu(const deblur_options &options, const deblur_format &format, Log &log, OpenSession &opened) {
    std::string reason;
    const int status = try_cpu(options, format, log, opened, reason);
    if (status == DEBLUR_OK)
        return status;
    if (status == DEBLUR_NO_ENGINE) {
        if (is_installed(EngineKind::Torch))
            return open_with(EngineKind::Torch, options, format, opened);
        reason += ": '" + engine_path(EngineKind::Torch) + "' is not installed";
    }
    log.write(DEBLUR_LOG_ERROR, reason.c_str());
    return status;
}

// Whether a session is open on the GPU; if not, sets reason.
bool try_cuda(deblur_options options, const deblur_format &format, Log &log, OpenSession &opened,
              std::string &reason) {
    options.device = "cuda";
    const HeldErrors errors(log);
    try {
        const int status = open_with(EngineKind::Cuda, options, format, opened);
        reason = errors.last();
        return status == DEBLUR_OK;
    } catch (const Error &error) {
        reason = error.what();
        return false;
    }
}

int open_anywhere(deblur_options options, const deblur_format &format, Log &log,
                  OpenSession &opened) {
    std::string gpu;
    std::string reason = options.precision == DEBLUR_PRECISION_INT8
                             ? "8-bit products are the CPU's"
                             : obstacle_to_cuda(gpu);
    deblur_log_level level = DEBLUR_LOG_INFO;
    if (reason.empty()) {
        if (try_cuda(options, format, log, opened, reason)) {
            log.write(DEBLUR_LOG_INFO, ("device auto: cuda (" + gpu + ")").c_str());
            return DEBLUR_OK;
        }
        reason = gpu + " cannot be used: " + reason;
        level = DEBLUR_LOG_WARNING;
    }
    log.write(level, ("device auto: cpu (" + reason + ")").c_str());
    options.device = "cpu";
    return open_on_cpu(options, format, log, opened);
}

// For frames in CUDA memory, "auto" is the GPU that has them.
int open_on_cuda(deblur_options options, const deblur_format &format, OpenSession &opened) {
    const bool is_in_cuda = format.memory == DEBLUR_MEMORY_CUDA;
    std::string gpu, owner;
    const std::string obstacle = obstacle_to_cuda(gpu);
    if (!obstacle.empty())
        throw Error(DEBLUR_NO_DEVICE, std::string("device '") + options.device + "' is not available (" +
                                          obstacle + ")" +
                                          (is_in_cuda ? ", and frames in CUDA memory need a GPU"
                                                      : ", valid here are: auto, cpu"));
    if (std::string(options.device) == "auto") {
        owner = "cuda:" + std::to_string(gpu_of_context(format.cuda_context));
        options.device = owner.c_str();
    }
    return open_with(EngineKind::Cuda, options, format, opened);
}

} // namespace

int open_session(const deblur_options &given, const deblur_format &format, Log &log,
                 OpenSession &opened) {
    deblur_options options = given;
    options.log = Log::sink;
    options.log_cookie = &log;
    const std::string device = options.device;
    const bool is_in_cuda = format.memory == DEBLUR_MEMORY_CUDA;
    if (device == "cpu" && is_in_cuda)
        throw Error(DEBLUR_INVALID_ARGUMENT,
                    "device cpu does not reach frames in CUDA memory: use device=cuda, or bring them to "
                    "host memory before (in FFmpeg: hwdownload)");
    if (device == "cpu")
        return open_on_cpu(options, format, log, opened);
    return device == "auto" && !is_in_cuda ? open_anywhere(options, format, log, opened)
                                           : open_on_cuda(options, format, opened);
}

} // namespace deblur
