// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/placement.h"

#include <torch/cuda.h>

#include "base/error.h"
#include "inference/cpu/features.h"

namespace deblur {

namespace {

at::Device resolve_device(const std::string &name) {
    const int gpus =
        torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    if (name == "cpu" || (name == "auto" && gpus == 0))
        return at::kCPU;
    const int index = name.rfind("cuda:", 0) == 0 ? std::stoi(name.substr(5)) : 0;
    if (index < gpus)
        return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
    std::string valid = "auto, cpu";
    for (int i = 0; i < gpus; ++i)
        valid += ", cuda:" + std::to_string(i);
    throw Error(DEBLUR_NO_DEVICE, "device '" + name + "' is not available" +
                                      (gpus == 0 ? " (no usable CUDA GPU)" : "") +
                                      ", valid here are: " + valid);
}

} // namespace

Placement resolve_placement(const std::string &name, deblur_precision precision) {
    const at::Device device = resolve_device(name);
    switch (precision) {
    case DEBLUR_PRECISION_FP32:
        return {device, at::kFloat};
    case DEBLUR_PRECISION_BF16:
        return {device, at::kBFloat16};
    case DEBLUR_PRECISION_FP16:
        if (device.is_cpu())
            throw Error(DEBLUR_INVALID_ARGUMENT, "precision fp16 needs a GPU, valid on the CPU "
                                                 "are: auto, fp32, bf16, int8");
        return {device, at::kHalf};
    case DEBLUR_PRECISION_INT8:
        if (!device.is_cpu() || !cpu::multiplies_int8())
            throw Error(DEBLUR_INVALID_ARGUMENT,
                        "precision int8 needs a CPU with AVX512-VNNI, and no GPU; auto, fp32 and "
                        "bf16 are valid everywhere");
        return {device, at::kChar};
    case DEBLUR_PRECISION_AUTO:
        break;
    }
    if (device.is_cuda())
        return {device, at::kHalf};
    return {device, cpu::multiplies_bfloat16() ? at::kBFloat16 : at::kFloat};
}

std::string to_string(const Placement &placement) {
    const char *precision = placement.type == at::kFloat  ? "fp32"
                            : placement.type == at::kHalf ? "fp16"
                            : placement.type == at::kChar ? "int8"
                                                          : "bf16";
    return placement.device.str() + " in " + precision;
}

} // namespace deblur
