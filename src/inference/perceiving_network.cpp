// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/perceiving_network.h"

#include <algorithm>

#include "base/reflection.h"
#include "inference/cpu/map_kernels.h"
#include "inference/cpu/threads.h"
#include "inference/cpu_model.h"
#include "network/perception_graph.h"
#include "picture/planes.h"
#include "picture/resize.h"

namespace deblur {

namespace {

std::vector<Image> extended(const std::vector<Image> &window, int multiple) {
    std::vector<Image> frames;
    for (const auto &frame : window)
        frames.push_back(deblur::extended(frame, multiple));
    return frames;
}

// local_gate(); whether it is open anywhere.
bool open_gate(const Image &map, const Image &gate) {
    float most = 0;
    for (size_t i = 0; i < map.size(); ++i) {
        gate.data()[i] = std::clamp((map.data()[i] - kGateClosed) / (kGateOpen - kGateClosed), 0.0f, 1.0f);
        most = std::max(most, gate.data()[i]);
    }
    return most > 0;
}

} // namespace

Perception::Perception(const Model &model, const InferenceSettings &settings, int height, int width)
    : pipeline_(model.architecture.perception, cpu_parameters(model),
                pipeline_options(model.architecture.perception, settings, height, width, kPerceptionMultiple)),
      logits_(pipeline_.make_head()), height_(height), width_(width) {}

Image Perception::map_of(const std::vector<Image> &window) {
    std::vector<const float *> planes;
    for (const auto &frame : window)
        add_planes(frame, planes);
    pipeline_.step(planes, logits_);
    const Image map = cropped(resize_bilinear(logits_, round_up(height_, kPerceptionMultiple),
                                              round_up(width_, kPerceptionMultiple)),
                              height_, width_);
    cpu::logistic(map.data(), map.size());
    return map;
}

GatedNetwork::GatedNetwork(const Model &model, const InferenceSettings &settings)
    : inner_(model, settings), multiple_(model.architecture.multiple),
      perception_(model, settings, round_up(settings.height, multiple_), round_up(settings.width, multiple_)) {}

Image GatedNetwork::step(const std::vector<Image> &window) {
    const Image &frame = window.front();
    map_ = cropped(perception_.map_of(extended(window, multiple_)), frame.height(), frame.width());
    const Image gate(1, frame.height(), frame.width());
    if (open_gate(map_, gate)) {
        const Image correction = inner_.step_where(window, gate);
        multiply(correction, gate);
        return correction;
    }
    inner_.reset();
    const Image nothing(3, frame.height(), frame.width());
    std::fill_n(nothing.data(), nothing.size(), 0.0f);
    return nothing;
}

GuidedNetwork::GuidedNetwork(const Model &model, const InferenceSettings &settings)
    : height_(round_up(settings.height, model.architecture.multiple)),
      width_(round_up(settings.width, model.architecture.multiple)), multiple_(model.architecture.multiple),
      pipeline_(model.architecture.step, cpu_parameters(model),
                pipeline_options(model.architecture.step, settings, height_, width_, 1)),
      perception_(model, settings, height_, width_), head_(pipeline_.make_head()),
      gate_(model.config.gate, settings.height, settings.width), is_residual_(model.config.residual),
      threads_(settings.threads) {}

Image GuidedNetwork::step(const std::vector<Image> &window) {
    const auto frames = extended(window, multiple_);
    const Image &frame = window[window.size() / 2], &middle = frames[frames.size() / 2];
    const Image map = perception_.map_of(frames);
    std::vector<const float *> planes;
    for (const auto &seen : frames)
        add_planes(seen, planes);
    add_planes(map, planes);
    pipeline_.step(planes, head_);
    if (!is_residual_)
        for (size_t i = 0; i < head_.size(); ++i)
            head_.data()[i] -= middle.data()[i];
    const Image gate(1, height_, width_);
    open_gate(map, gate);
    multiply(head_, gate);
    map_ = cropped(map, frame.height(), frame.width());
    const Image correction = cropped(head_, frame.height(), frame.width());
    const cpu::ThreadCount threads(threads_);
    gate_.apply(frame.data(), correction.data());
    return correction;
}

} // namespace deblur
