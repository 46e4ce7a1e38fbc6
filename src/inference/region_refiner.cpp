// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/region_refiner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/reflection.h"
#include "inference/cpu_model.h"
#include "inference/window_planes.h"
#include "network/brmr_graphs.h"
#include "picture/planes.h"
#include "picture/resize.h"

namespace deblur {

namespace {

// Two confidences that differ by little are compared, so a verdict is float32.
cpu::Pipeline make_discriminator(const Model &model, InferenceSettings settings) {
    settings.precision = Precision::Float32;
    const Graph graph = discriminator_graph(model.config, BrmrPart::Image);
    return {graph, cpu_parameters(model),
            pipeline_options(graph, settings, settings.height, settings.width, kDiscriminatorMultiple)};
}

cpu::Pipeline make_generator(const Model &model, const InferenceSettings &settings, const PatchWindow &window) {
    const Graph graph = generator_graph(model.config, BrmrPart::Patch);
    return {graph, cpu_parameters(model),
            pipeline_options(graph, settings, static_cast<int>(window.height), static_cast<int>(window.width),
                             generator_multiple(BrmrPart::Patch))};
}

Image cut(const Image &image, const PatchWindow &window) {
    const Image patch(image.channels(), static_cast<int>(window.height), static_cast<int>(window.width));
    for (int channel = 0; channel < patch.channels(); ++channel)
        for (int y = 0; y < patch.height(); ++y)
            std::copy_n(image.row(channel, static_cast<int>(window.top) + y) + window.left, patch.width(),
                        patch.row(channel, y));
    return patch;
}

Image paste(const Image &picture, const PatchWindow &window, const Image &patch, double weight) {
    const Image pasted = copy_of(picture);
    const auto rows = feather_ramp(window.top, window.height, picture.height());
    const auto columns = feather_ramp(window.left, window.width, picture.width());
    for (int channel = 0; channel < patch.channels(); ++channel)
        for (int y = 0; y < patch.height(); ++y) {
            float *const to = pasted.row(channel, static_cast<int>(window.top) + y) + window.left;
            const float *const from = patch.row(channel, y);
            const float row = static_cast<float>(weight) * rows[static_cast<size_t>(y)];
            for (int x = 0; x < patch.width(); ++x)
                to[x] += row * columns[static_cast<size_t>(x)] * (from[x] - to[x]);
        }
    return pasted;
}

float mean_in(const Image &heat, const PatchWindow &window) {
    double sum = 0;
    for (int64_t y = window.top; y < window.top + window.height; ++y)
        for (int64_t x = window.left; x < window.left + window.width; ++x)
            sum += heat.row(0, static_cast<int>(y))[x];
    return static_cast<float>(sum / static_cast<double>(window.height * window.width));
}

} // namespace

CpuRegionRefiner::CpuRegionRefiner(const Model &model, const InferenceSettings &settings)
    : windows_(patch_windows(settings.height, settings.width)), discriminator_(make_discriminator(model, settings)),
      generator_(make_generator(model, settings, windows_.front())), features_(discriminator_.make_head()),
      made_(generator_.make_head()) {
    const auto &weights = model.parameters.at(discriminator_head(BrmrPart::Image)).values;
    const auto middle = weights.begin() + static_cast<ptrdiff_t>(weights.size() / 2);
    of_sharp_.assign(weights.begin(), middle);
    of_blurred_.assign(middle, weights.end());
}

Verdict CpuRegionRefiner::judge(const std::vector<Image> &window, const Image &picture) {
    std::vector<Image> inputs{signed_range(window[window.size() / 2]), signed_range(picture)};
    for (const auto &difference : motion_view(window))
        inputs.push_back(difference);
    std::vector<const float *> planes;
    for (const auto &input : inputs)
        add_planes(input, planes);
    discriminator_.step(planes, features_);

    const Image heat(1, features_.height(), features_.width());
    std::fill_n(heat.data(), heat.size(), 0.0f);
    double sharp = 0, blurred = 0;
    for (int channel = 0; channel < features_.channels(); ++channel) {
        const float *const feature = features_.plane(channel);
        const auto i = static_cast<size_t>(channel);
        double sum = 0;
        for (size_t at = 0; at < heat.size(); ++at) {
            heat.data()[at] += of_blurred_[i] * feature[at];
            sum += feature[at];
        }
        sharp += of_sharp_[i] * sum / static_cast<double>(heat.size());
        blurred += of_blurred_[i] * sum / static_cast<double>(heat.size());
    }
    const Image upsampled = resize_bilinear(heat, round_up(picture.height(), kDiscriminatorMultiple),
                                            round_up(picture.width(), kDiscriminatorMultiple));
    return {1 / (1 + std::exp(blurred - sharp)), cropped(upsampled, picture.height(), picture.width())};
}

RegionJudgement CpuRegionRefiner::judge_windows(const std::vector<Image> &window, const Image &picture) {
    const auto verdict = judge(window, picture);
    RegionJudgement judgement{verdict.confidence, {}};
    for (const auto &place : windows_)
        judgement.heat.push_back(mean_in(verdict.heat, place));
    return judgement;
}

// The generator sees the window's patch, with what is restored in its middle, and makes a correction of that.
Image CpuRegionRefiner::refine_patch(const std::vector<Image> &window, const Image &picture, const PatchWindow &place) {
    std::vector<Image> inputs;
    for (size_t i = 0; i < window.size(); ++i)
        inputs.push_back(signed_range(cut(i == window.size() / 2 ? picture : window[i], place)));
    std::vector<const float *> planes;
    for (const auto &input : inputs)
        add_planes(input, planes);
    generator_.step(planes, made_);
    const Image patch = cut(picture, place);
    for (size_t i = 0; i < patch.size(); ++i)
        patch.data()[i] += made_.data()[i];
    return patch;
}

Image CpuRegionRefiner::refine(const std::vector<Image> &window, const Image &picture, int windows) {
    const RegionWork<Image> work{
        [&](const Image &candidate) { return judge_windows(window, candidate); },
        [&](const Image &candidate, const PatchWindow &place) { return refine_patch(window, candidate, place); }, paste};
    auto mined = mine_regions(picture, windows_, memory_, windows, work);
    memory_ = std::move(mined.memory);
    return mined.picture;
}

} // namespace deblur
