// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/mining_network.h"

#include <algorithm>
#include <utility>

#include "inference/cpu/map_kernels.h"
#include "inference/cpu/threads.h"
#include "inference/cpu_model.h"
#include "inference/window_planes.h"
#include "network/brmr_graphs.h"
#include "picture/planes.h"

namespace deblur {

namespace {

cpu::Pipeline make_generator(const Model &model, const InferenceSettings &settings) {
    const Graph graph = generator_graph(model.config, BrmrPart::Image);
    return {graph, cpu_parameters(model),
            pipeline_options(graph, settings, settings.height, settings.width, generator_multiple(BrmrPart::Image))};
}

// image + correction in [0,1].
Image corrected(const Image &image, const Image &correction) {
    const Image result(image.channels(), image.height(), image.width());
    for (size_t i = 0; i < result.size(); ++i)
        result.data()[i] = std::clamp(image.data()[i] + correction.data()[i], 0.0f, 1.0f);
    return result;
}

} // namespace

MiningNetwork::MiningNetwork(const Model &model, const InferenceSettings &settings)
    : generator_(make_generator(model, settings)), made_(generator_.make_head()), refiner_(model, settings),
      gate_(model.config.gate, settings.height, settings.width), passes_(settings.passes), threads_(settings.threads) {}

Image MiningNetwork::step(const std::vector<Image> &window) {
    std::vector<Image> inputs;
    std::vector<const float *> planes;
    for (const auto &frame : window)
        add_planes(inputs.emplace_back(signed_range(frame)), planes);
    generator_.step(planes, made_);

    const Image &frame = window[window.size() / 2];
    const Image picture = refiner_.refine(window, corrected(frame, made_), passes_);
    map_ = refiner_.judge(window, picture).heat;
    cpu::logistic(map_.data(), map_.size());
    const Image correction(3, frame.height(), frame.width());
    for (size_t i = 0; i < correction.size(); ++i)
        correction.data()[i] = picture.data()[i] - frame.data()[i];
    const cpu::ThreadCount threads(threads_);
    gate_.apply(frame.data(), correction.data());
    return correction;
}

RefiningNetwork::RefiningNetwork(std::unique_ptr<InferenceNetwork> inner, const InferenceSettings &settings)
    : inner_(std::move(inner)), refiner_(*settings.refiner, settings), m_(settings.refiner->config.window),
      windows_(settings.refine) {}

Image RefiningNetwork::step(const std::vector<Image> &window) {
    const Image correction = inner_->step(window);
    const int last = static_cast<int>(window.size()) - 1, centre = last / 2;
    std::vector<Image> seen; // the outermost frames repeated
    for (int i = centre - m_; i <= centre + m_; ++i)
        seen.push_back(window[static_cast<size_t>(std::clamp(i, 0, last))]);
    const Image picture = corrected(window[static_cast<size_t>(centre)], correction);
    const Image refined = refiner_.refine(seen, picture, windows_);
    // Where the pictures are the same their difference is 0, and the correction stays.
    for (size_t i = 0; i < correction.size(); ++i)
        correction.data()[i] += refined.data()[i] - picture.data()[i];
    return correction;
}

void RefiningNetwork::reset() {
    inner_->reset();
    refiner_.reset();
}

} // namespace deblur
