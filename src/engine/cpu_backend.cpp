// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/error.h"
#include "base/parallel.h"
#include "engine/backend.h"
#include "engine/cpu_pictures.h"
#include "inference/cpu/features.h"
#include "inference/cpu_network.h"


namespace deblur {

namespace {

std::string valid_precisions() {
    return std::string("; valid on this CPU are: auto, fp32") + (cpu::computes_bfloat16() ? ", bf16" : "") +
           (cpu::computes_int8() ? ", int8" : "");
}

Precision precision_of(deblur_precision precision) {
    switch (precision) {
    case DEBLUR_PRECISION_FP32:
        return Precision::Float32;
    case DEBLUR_PRECISION_BF16:
        if (!cpu::computes_bfloat16())
            throw Error(DEBLUR_INVALID_ARGUMENT, "precision bf16 needs a CPU with AVX-512" + valid_precisions());
        return Precision::BFloat16;
    case DEBLUR_PRECISION_FP16:
        throw Error(DEBLUR_INVALID_ARGUMENT, "precision fp16 needs a GPU" + valid_precisions());
    case DEBLUR_PRECISION_INT8:
        if (!cpu::computes_int8())
            throw Error(DEBLUR_INVALID_ARGUMENT, "precision int8 needs a CPU with AVX2" + valid_precisions());
        return Precision::Int8;
    case DEBLUR_PRECISION_AUTO:
        break;
    }
    return cpu::multiplies_bfloat16() ? Precision::BFloat16 : Precision::Float32;
}

class CpuBackend : public Backend {
  public:
    Placement place(const std::string &device, deblur_precision precision) const override {
        if (device != "cpu" && device != "auto")
            throw Error(DEBLUR_NO_DEVICE, "device '" + device + "' is not available (no engine for "
                                          "CUDA is installed), valid here are: auto, cpu");
        return {"cpu", precision_of(precision)};
    }

    void check_model(const Model &model) const override { check_computable(model); }

    Stream make_stream(const ModelPtr &model, const InferenceSettings &settings, const std::string &,
                       const deblur_format &format, const Log &) const override {
        if (format.memory != DEBLUR_MEMORY_HOST)
            throw Error(DEBLUR_INVALID_ARGUMENT, "frames in CUDA memory cannot be restored on the CPU");
        set_thread_count(settings.threads);
        const auto make_pictures = [height = settings.height, width = settings.width](const deblur_format &of) {
            return std::make_unique<CpuPictures>(of, height, width);
        };
        return {make_pictures(format), make_cpu_network(model, settings), make_pictures};
    }
};

} // namespace

const Backend &cpu_backend() {
    static const CpuBackend backend;
    return backend;
}

} // namespace deblur
