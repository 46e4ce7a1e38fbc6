// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/pyramid_network.h"

#include <algorithm>
#include <utility>

#include "base/reflection.h"
#include "inference/cpu/threads.h"
#include "inference/cpu_model.h"
#include "inference/window_planes.h"
#include "picture/planes.h"
#include "picture/resize.h"

namespace deblur {

PyramidNetwork::PyramidNetwork(const Model &model, const InferenceSettings &settings)
    : multiple_(model.architecture.multiple), gate_(model.config.gate, settings.height, settings.width),
      has_attention_(model.architecture.step.map != Graph::kNone), is_residual_(model.config.residual),
      threads_(settings.threads) {
    const int height = round_up(settings.height, multiple_), width = round_up(settings.width, multiple_);
    const auto parameters = cpu_parameters(model);
    for (int factor = 1 << (model.architecture.scales - 1); factor > 0; factor /= 2) {
        const auto options = pipeline_options(model.architecture.step, settings, height / factor, width / factor, 1);
        auto pipeline = std::make_unique<cpu::Pipeline>(model.architecture.step, parameters, options);
        const Image head = pipeline->make_head(), map = pipeline->make_map();
        scales_.push_back({factor, std::move(pipeline), head, map});
    }
}

Image PyramidNetwork::compute(Scale &scale, const std::vector<Image> &window, const Image &previous,
                              const Image &coarser) {
    const Image &middle = window[window.size() / 2];
    std::vector<Image> inputs = window;
    inputs.push_back(previous.empty() ? middle : resize_bilinear(previous, middle.height(), middle.width()));
    if (has_attention_) {
        for (const auto &difference : motion_view(window))
            inputs.push_back(difference);
        inputs.push_back(middle);
        if (coarser.empty()) {
            inputs.emplace_back(1, middle.height(), middle.width());
            std::fill_n(inputs.back().data(), inputs.back().size(), 0.5f);
        } else
            inputs.push_back(resize_bilinear(coarser, middle.height(), middle.width()));
    }
    std::vector<const float *> planes;
    for (const auto &input : inputs)
        add_planes(input, planes);
    scale.pipeline->step(planes, scale.head, scale.map);
    if (!is_residual_)
        return scale.head;
    const Image picture(3, middle.height(), middle.width());
    for (size_t i = 0; i < picture.size(); ++i)
        picture.data()[i] = middle.data()[i] + scale.head.data()[i];
    return picture;
}

Image PyramidNetwork::step(const std::vector<Image> &window) {
    const Image &frame = window[window.size() / 2];
    Image picture, map;
    for (auto &scale : scales_) {
        std::vector<Image> frames;
        for (const auto &seen : window)
            frames.push_back(shrunk(extended(seen, multiple_), scale.factor));
        picture = compute(scale, frames, picture, map);
        map = scale.map;
    }
    const Image correction = cropped(picture, frame.height(), frame.width());
    for (size_t i = 0; i < correction.size(); ++i)
        correction.data()[i] -= frame.data()[i];
    map_ = map.empty() ? map : cropped(map, frame.height(), frame.width());
    const cpu::ThreadCount threads(threads_);
    gate_.apply(frame.data(), correction.data());
    return correction;
}

} // namespace deblur
