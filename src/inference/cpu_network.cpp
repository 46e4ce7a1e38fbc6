// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_network.h"

#include <stdexcept>

#include <ATen/ATen.h>

#include "inference/calibration.h"
#include "inference/composition.h"
#include "inference/cpu/features.h"
#include "inference/cpu/threads.h"
#include "inference/cpu_ops.h"
#include "inference/receptive_field.h"
#include "inference/torch_network.h"
#include "network/parameters.h"

namespace deblur {

namespace {

cpu::Parameters cpu_parameters(const TensorMap &tensors) {
    cpu::Parameters parameters;
    for (const auto &[name, tensor] : tensors) {
        TORCH_CHECK(tensor.is_contiguous() && tensor.scalar_type() == at::kFloat, name);
        parameters[name] = {std::vector<int>(tensor.sizes().begin(), tensor.sizes().end()),
                            tensor.data_ptr<float>()};
    }
    return parameters;
}

cpu::PipelineOptions pipeline_options(const Network &network, const InferenceSettings &settings,
                                      cpu::Blocking blocking) {
    cpu::PipelineOptions options;
    const bool integer = settings.type == at::kChar;
    const bool brief = settings.type == at::kBFloat16 || (integer && cpu::multiplies_bfloat16());
    options.element = brief ? cpu::Element::BFloat16 : cpu::Element::Float32;
    if (integer)
        options.integer_inputs = calibrate(network);
    options.height = static_cast<int>(settings.height);
    options.width = static_cast<int>(settings.width);
    options.multiple = static_cast<int>(network.size_multiple());
    options.frames = static_cast<int>(network.window_frames());
    options.residual = network.config().residual;
    options.threads = settings.threads;
    options.blocking = blocking;
    return options;
}

// LibTorch's modules have no 8-bit products.
InferenceSettings for_modules(InferenceSettings settings) {
    if (settings.type == at::kChar)
        settings.type = cpu::multiplies_bfloat16() ? at::kBFloat16 : at::kFloat;
    return settings;
}

std::unique_ptr<InferenceNetwork> make_fastest_network(const Network &network, const InferenceSettings &settings,
                                                       const InferenceSettings &of_modules) {
    try {
        if (!network.graph().empty())
            return with_perception(std::make_unique<CpuNetwork>(network, settings), network, of_modules);
    } catch (const std::runtime_error &) {
        // oneDNN has no bfloat16 for CPUs without AVX-512; LibTorch computes it on every one.
    }
    return std::make_unique<TorchNetwork>(converted(network, of_modules), std::make_shared<CpuOps>(settings.threads));
}

} // namespace

CpuNetwork::CpuNetwork(const Network &network, const InferenceSettings &settings,
                       cpu::Blocking blocking)
    : CpuNetwork(network, settings, cpu_parameters(named_parameters(network)),
                 pipeline_options(network, settings, blocking)) {}

CpuNetwork::CpuNetwork(const Network &network, const InferenceSettings &settings, const cpu::Parameters &parameters,
                       const cpu::PipelineOptions &options)
    : pipeline_(network.graph(), parameters, options),
      gate_halo_(network.config().gate.decision ? kGateHalo : 0),
      frames_(static_cast<size_t>(network.window_frames())),
      correction_(at::empty({1, 3, settings.height, settings.width}, at::kFloat)),
      gate_(network.config().gate, static_cast<int>(settings.height), static_cast<int>(settings.width)),
      threads_(settings.threads) {
    if (network.has_map() && options.height % options.multiple == 0 && options.width % options.multiple == 0)
        tiles_ = std::make_unique<CpuTiles>(network.graph(), parameters, options, receptive_halo(network));
}

torch::Tensor CpuNetwork::step(const std::vector<torch::Tensor> &window) {
    for (size_t i = 0; i < window.size(); ++i)
        frames_.at(i) = window[i].data_ptr<float>();
    pipeline_.step(frames_, correction_.data_ptr<float>());
    return gated_correction(window[window.size() / 2]);
}

torch::Tensor CpuNetwork::step_where(const std::vector<torch::Tensor> &window, const torch::Tensor &counts) {
    if (!tiles_ || pipeline_.is_fresh()) // a tile has no past of its own
        return step(window);
    const auto tiles = tiles_->choose(counts, gate_halo_);
    if (tiles_->is_whole(tiles))
        return step(window);
    tiles_->step(tiles, pipeline_, window, correction_);
    return gated_correction(window[window.size() / 2]);
}

torch::Tensor CpuNetwork::gated_correction(const torch::Tensor &frame) {
    const cpu::ThreadCount threads(threads_);
    gate_.apply(frame.data_ptr<float>(), correction_.data_ptr<float>());
    return correction_;
}

std::unique_ptr<InferenceNetwork> make_cpu_network(const Network &network,
                                                   const InferenceSettings &settings) {
    const auto of_modules = for_modules(settings);
    return with_extras(make_fastest_network(network, settings, of_modules), of_modules);
}

} // namespace deblur
