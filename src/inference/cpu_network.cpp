// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_network.h"

#include "inference/calibration.h"
#include "inference/cpu/threads.h"
#include "inference/cpu_model.h"
#include "inference/receptive_field.h"

namespace deblur {

namespace {

cpu::PipelineOptions step_options(const Model &model, const InferenceSettings &settings, cpu::Blocking blocking) {
    const auto &architecture = model.architecture;
    auto options =
        pipeline_options(architecture.step, settings, settings.height, settings.width, architecture.multiple);
    if (settings.precision == Precision::Int8)
        options.integer_inputs = calibrate(architecture.step, cpu_parameters(model), model.config.frames());
    options.blocking = blocking;
    return options;
}

// The head is L_n: B_n is what it is compared with.
void subtract(const Image &frame, const Image &from) {
    for (size_t i = 0; i < from.size(); ++i)
        from.data()[i] -= frame.data()[i];
}

} // namespace

CpuNetwork::CpuNetwork(const Model &model, const InferenceSettings &settings, cpu::Blocking blocking)
    : CpuNetwork(model, settings, cpu_parameters(model), step_options(model, settings, blocking)) {}

CpuNetwork::CpuNetwork(const Model &model, const InferenceSettings &settings, const cpu::Parameters &parameters,
                       const cpu::PipelineOptions &options)
    : pipeline_(model.architecture.step, parameters, options), is_residual_(model.config.residual),
      gate_halo_(model.config.gate.decision ? kGateHalo : 0), correction_(pipeline_.make_head()),
      gate_(model.config.gate, settings.height, settings.width), threads_(settings.threads) {
    const bool is_whole = options.height % options.multiple == 0 && options.width % options.multiple == 0;
    if (model.architecture.has_map() && is_residual_ && is_whole)
        tiles_ = std::make_unique<CpuTiles>(model.architecture.step, parameters, options,
                                            receptive_halo(model.architecture.step, options.multiple));
}

Image CpuNetwork::step(const std::vector<Image> &window) {
    std::vector<const float *> planes;
    for (const auto &frame : window)
        add_planes(frame, planes);
    pipeline_.step(planes, correction_);
    return finished_correction(window[window.size() / 2]);
}

Image CpuNetwork::step_where(const std::vector<Image> &window, const Image &counts) {
    if (!tiles_ || pipeline_.is_fresh()) // a tile has no past of its own
        return step(window);
    const auto tiles = tiles_->choose(counts, gate_halo_);
    if (tiles_->is_whole(tiles))
        return step(window);
    tiles_->step(tiles, pipeline_, window, correction_);
    return finished_correction(window[window.size() / 2]);
}

Image CpuNetwork::finished_correction(const Image &frame) {
    if (!is_residual_)
        subtract(frame, correction_);
    const cpu::ThreadCount threads(threads_);
    gate_.apply(frame.data(), correction_.data());
    return correction_;
}

} // namespace deblur
