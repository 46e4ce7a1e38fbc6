// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/torch_backend.h"

#include <utility>

#include <ATen/Parallel.h>

#include "engine/cpu_pictures.h"
#include "torch/composition.h"
#include "torch/failure.h"
#include "torch/model_network.h"
#include "torch/on_images.h"
#include "torch/torch_network.h"

namespace deblur {

namespace {

class TorchBackend : public Backend {
  public:
    Placement place(const std::string &device, deblur_precision precision) const override {
        // LibTorch's modules have no 8-bit products.
        const auto chosen = cpu_backend().place(device, precision);
        return chosen.precision == Precision::Int8 ? cpu_backend().place(device, DEBLUR_PRECISION_AUTO) : chosen;
    }

    Stream make_stream(const ModelPtr &model, const InferenceSettings &settings, const std::string &,
                       const deblur_format &format, const Log &) const override {
        at::set_num_threads(settings.threads); // of this thread
        const auto of_tensors = to_tensor_settings(settings, at::kCPU);
        auto network = std::make_unique<TorchNetwork>(converted(*to_network(*model), of_tensors));
        const auto make_pictures = [height = settings.height, width = settings.width](const deblur_format &of) {
            return std::make_unique<CpuPictures>(of, height, width);
        };
        return {make_pictures(format), on_images(with_extras(std::move(network), of_tensors)), make_pictures};
    }

    Failure current_failure() const override { return current_torch_failure(); }
};

} // namespace

const Backend &torch_backend() {
    static const TorchBackend backend;
    return backend;
}

} // namespace deblur
