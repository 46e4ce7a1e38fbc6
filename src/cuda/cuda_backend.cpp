// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/cuda_backend.h"

#include <string>
#include <utility>

#include <ATen/ATen.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>

#include "base/error.h"
#include "cuda/cuda_network.h"
#include "cuda/cuda_ops.h"
#include "cuda/cuda_pictures.h"
#include "cuda/map_budget.h"
#include "cuda/streamed_network.h"
#include "torch/composition.h"
#include "torch/failure.h"
#include "torch/model_network.h"
#include "torch/on_images.h"
#include "torch/torch_network.h"

namespace deblur::cuda {

namespace {

constexpr int kOldest = 75; // compute capability that our kernels are compiled for

int64_t free_bytes() {
    size_t free = 0, total = 0;
    C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
    return static_cast<int64_t>(free);
}

std::string megabytes(int64_t bytes) {
    return std::to_string(bytes / 1000000) + " MB";
}

at::Device resolve_device(const std::string &name) {
    const int gpus = c10::cuda::device_count();
    const int index = name.rfind("cuda:", 0) == 0 ? std::stoi(name.substr(5)) : 0;
    if (name == "cpu" || index >= gpus) {
        std::string valid;
        for (int i = 0; i < gpus; ++i)
            valid += ", cuda:" + std::to_string(i);
        throw Error(DEBLUR_NO_DEVICE, "device '" + name + "' is not available" +
                                          (gpus == 0 ? " (LibTorch finds no usable CUDA GPU)" : "") +
                                          ", valid here are: auto, cpu" + valid);
    }
    cudaDeviceProp properties{};
    C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, index));
    if (10 * properties.major + properties.minor < kOldest)
        throw Error(DEBLUR_NO_DEVICE, std::string("device '") + name + "', " + properties.name +
                                          ", has compute capability " +
                                          std::to_string(properties.major) + "." +
                                          std::to_string(properties.minor) + ", needed is 7.5");
    return {at::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

Precision precision_of(deblur_precision precision) {
    switch (precision) {
    case DEBLUR_PRECISION_FP32:
        return Precision::Float32;
    case DEBLUR_PRECISION_BF16:
        return Precision::BFloat16;
    case DEBLUR_PRECISION_INT8:
        throw Error(DEBLUR_INVALID_ARGUMENT,
                    "precision int8 needs a CPU, valid on a GPU are: auto, fp32, bf16, fp16");
    default:
        return Precision::Float16;
    }
}

std::unique_ptr<CudaNetwork> make_graph_network(const Network &network, const TensorSettings &settings,
                                                const std::shared_ptr<const Streams> &streams, const Backend::Log &log) {
    const int64_t free = free_bytes();
    auto made = std::make_unique<CudaNetwork>(
        network, settings, streams, map_budget(free, settings.memory),
        [&log](const std::string &message) { log(DEBLUR_LOG_WARNING, message); });
    log(DEBLUR_LOG_INFO, "about " + megabytes(made->peak_bytes() + made->kept_bytes()) + " of GPU memory for maps, of " +
                             megabytes(free) + " that are free" +
                             (made->tiles() > 1 ? ", in " + std::to_string(made->tiles()) + " tiles" : ""));
    return made;
}

std::unique_ptr<TensorNetwork> make_whole_network(const Network &network, const TensorSettings &settings,
                                                     const std::shared_ptr<const Streams> &streams,
                                                     const Backend::Log &log) {
    std::unique_ptr<TensorNetwork> made;
    const TensorNetwork *knows_streams = nullptr;
    if (network.graph().empty()) {
        made = std::make_unique<TorchNetwork>(converted(network, settings), std::make_shared<CudaOps>());
    } else {
        made = make_graph_network(network, settings, streams, log);
        knows_streams = made.get();
        made = with_perception(std::move(made), network, settings);
    }
    made = with_extras(std::move(made), settings);
    if (made.get() == knows_streams)
        return made; // nothing is around it
    return std::make_unique<StreamedNetwork>(std::move(made), streams);
}

class CudaBackend : public Backend {
  public:
    Placement place(const std::string &device, deblur_precision precision) const override {
        const auto chosen = precision_of(precision);
        return {resolve_device(device).str(), chosen};
    }

    Stream make_stream(const ModelPtr &model, const InferenceSettings &of_images, const std::string &device,
                       const deblur_format &format, const Log &log) const override {
        const auto settings = to_tensor_settings(of_images, at::Device(device));
        // cuDNN takes the fastest algorithm that it finds; float32 is float32.
        at::globalContext().setBenchmarkCuDNN(true);
        at::globalContext().setAllowTF32CuDNN(false);
        c10::cuda::set_device(settings.device.index());
        const auto streams = std::make_shared<const Streams>(settings.device.index());
        c10::cuda::setCurrentCUDAStream(streams->reading);

        const auto pictures_of = [height = settings.height, width = settings.width, streams](const deblur_format &of) {
            return make_pictures(of, height, width, streams);
        };
        auto pictures = pictures_of(format);
        return {std::move(pictures), on_images(make_whole_network(*to_network(*model), settings, streams, log)), pictures_of};
    }

    Failure current_failure() const override { return current_torch_failure(); }
};

} // namespace

const Backend &cuda_backend() {
    static const CudaBackend backend;
    return backend;
}

} // namespace deblur::cuda
