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

// By the CPU's engine, or by LibTorch's if that says it does not know the model.
int try_on_cpu(const deblur_options &options, Log &log, const Attempt &attempt) {
    std::string reason;
    int status = DEBLUR_OK;
    {
        const HeldErrors errors(log);
        status = attempt(load_engine(EngineKind::Cpu), options);
        reason = errors.last();
    }
    if (status == DEBLUR_OK)
        return status;
    if (status == DEBLUR_NO_ENGINE) {
        if (is_installed(EngineKind::Torch))
            return attempt(load_engine(EngineKind::Torch), options);
        reason += ": '" + engine_path(EngineKind::Torch) + "' is not installed";
    }
    log.write(DEBLUR_LOG_ERROR, reason.c_str());
    return status;
}

// Whether the attempt succeeds on the GPU; if not, sets reason.
bool try_cuda(deblur_options options, Log &log, const Attempt &attempt, std::string &reason) {
    options.device = "cuda";
    const HeldErrors errors(log);
    try {
        const int status = attempt(load_engine(EngineKind::Cuda), options);
        reason = errors.last();
        return status == DEBLUR_OK;
    } catch (const Error &error) {
        reason = error.what();
        return false;
    }
}

int try_anywhere(deblur_options options, Log &log, const Attempt &attempt) {
    std::string gpu;
    std::string reason = options.precision == DEBLUR_PRECISION_INT8 ? "8-bit products are the CPU's"
                                                                    : obstacle_to_cuda(gpu);
    deblur_log_level level = DEBLUR_LOG_INFO;
    if (reason.empty()) {
        if (try_cuda(options, log, attempt, reason)) {
            log.write(DEBLUR_LOG_INFO, ("device auto: cuda (" + gpu + ")").c_str());
            return DEBLUR_OK;
        }
        reason = gpu + " cannot be used: " + reason;
        level = DEBLUR_LOG_WARNING;
    }
    log.write(level, ("device auto: cpu (" + reason + ")").c_str());
    options.device = "cpu";
    return try_on_cpu(options, log, attempt);
}

// For frames in CUDA memory, "auto" is the GPU that has them.
int try_on_cuda(deblur_options options, const deblur_format &format, const Attempt &attempt) {
    const bool is_in_cuda = format.memory == DEBLUR_MEMORY_CUDA;
    std::string gpu, owner;
    const std::string obstacle = obstacle_to_cuda(gpu);
    if (!obstacle.empty())
        throw Error(DEBLUR_NO_DEVICE, std::string("device '") + options.device +
                                          "' is not available (" + obstacle + ")" +
                                          (is_in_cuda ? ", and frames in CUDA memory need a GPU"
                                                      : ", valid here are: auto, cpu"));
    if (std::string(options.device) == "auto") {
        owner = "cuda:" + std::to_string(gpu_of_context(format.cuda_context));
        options.device = owner.c_str();
    }
    return attempt(load_engine(EngineKind::Cuda), options);
}

} // namespace

int with_engine(const deblur_options &given, const deblur_format &format, Log &log,
                const Attempt &attempt) {
    deblur_options options = given;
    options.log = Log::sink;
    options.log_cookie = &log;
    const std::string device = options.device;
    const bool is_in_cuda = format.memory == DEBLUR_MEMORY_CUDA;
    if (device == "cpu" && is_in_cuda)
        throw Error(
            DEBLUR_INVALID_ARGUMENT,
            "device cpu does not reach frames in CUDA memory: use device=cuda, or bring them to "
            "host memory before (in FFmpeg: hwdownload)");
    if (device == "cpu")
        return try_on_cpu(options, log, attempt);
    return device == "auto" && !is_in_cuda ? try_anywhere(options, log, attempt)
                                           : try_on_cuda(options, format, attempt);
}

} // namespace deblur
