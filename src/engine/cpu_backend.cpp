// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ATen/ATen.h>

#include "base/error.h"
#include "engine/backend.h"
#include "inference/cpu/features.h"
#include "inference/cpu_network.h"
#include "picture/converter.h"
#include "picture/resize.h"

namespace deblur {

namespace {

// Everything is done when a call returns.
class CpuPictures : public Pictures {
  public:
    CpuPictures(const deblur_format &format, int64_t height, int64_t width)
        : format_(format), converter_(format), height_(height), width_(width) {}

    torch::Tensor read(const deblur_frame &frame) override {
        return resize(converter_.read(frame), height_, width_);
    }

    void correct(const deblur_frame &frame, const torch::Tensor &correction) override {
        is_finite_ = at::isfinite(correction.sum()).item<bool>();
        if (is_finite_ && frame.strength > 0)
            converter_.correct(frame, resize(correction, format_.height, format_.width));
    }

    void show(const deblur_frame &frame, const torch::Tensor &map) override {
        is_finite_ = at::isfinite(map.sum()).item<bool>();
        if (is_finite_ && frame.strength > 0)
            converter_.show(frame, resize(map, format_.height, format_.width));
    }

    bool finish() override { return is_finite_; }
    size_t depth() const override { return 0; }

  private:
    deblur_format format_;
    Converter converter_;
    int64_t height_, width_; // at which the network works
    bool is_finite_ = true;
};

std::string valid_precisions() {
    return std::string("; valid on this CPU are: auto, fp32") + (cpu::computes_bfloat16() ? ", bf16" : "") +
           (cpu::computes_int8() ? ", int8" : "");
}

at::ScalarType type_of(deblur_precision precision) {
    switch (precision) {
    case DEBLUR_PRECISION_FP32:
        return at::kFloat;
    case DEBLUR_PRECISION_BF16:
        if (!cpu::computes_bfloat16())
            throw Error(DEBLUR_INVALID_ARGUMENT, "precision bf16 needs a CPU with AVX-512" + valid_precisions());
        return at::kBFloat16;
    case DEBLUR_PRECISION_FP16:
        throw Error(DEBLUR_INVALID_ARGUMENT, "precision fp16 needs a GPU" + valid_precisions());
    case DEBLUR_PRECISION_INT8:
        if (!cpu::computes_int8())
            throw Error(DEBLUR_INVALID_ARGUMENT, "precision int8 needs a CPU with AVX2" + valid_precisions());
        return at::kChar;
    case DEBLUR_PRECISION_AUTO:
        break;
    }
    return cpu::multiplies_bfloat16() ? at::kBFloat16 : at::kFloat;
}

class CpuBackend : public Backend {
  public:
    Placement place(const std::string &device, deblur_precision precision) const override {
        if (device != "cpu" && device != "auto")
            throw Error(DEBLUR_NO_DEVICE, "device '" + device + "' is not available (no engine for "
                                          "CUDA is installed), valid here are: auto, cpu");
        return {at::kCPU, type_of(precision)};
    }

    Stream make_stream(const NetworkPtr &network, const InferenceSettings &settings,
                       const deblur_format &format, const Log &) const override {
        if (format.memory != DEBLUR_MEMORY_HOST)
            throw Error(DEBLUR_INVALID_ARGUMENT, "frames in CUDA memory cannot be restored on the CPU");
        return {std::make_unique<CpuPictures>(format, settings.height, settings.width),
                make_cpu_network(*network, settings)};
    }
};

} // namespace

const Backend &cpu_backend() {
    static const CpuBackend backend;
    return backend;
}

} // namespace deblur
