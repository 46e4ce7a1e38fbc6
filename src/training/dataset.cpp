// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/dataset.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <ATen/ATen.h>

#include "media/compression.h"

namespace deblur {

namespace {

constexpr int64_t kCanvas = 3; // layers are this many times larger than what is rendered
constexpr std::pair<const char *, Scenes> kScenes[] = {
    {"usual", Scenes::Usual}, {"local", Scenes::Local}, {"people", Scenes::People}};

// How a clip is exposed, and how fast what it shows moves.
struct Exposure {
    Shutter shutter;
    double slowest, fastest; ///< pixels per exposure, of which layers draw log-uniformly; 0: rest
};

// Real shake and motion at 180 to 720 lines lie at 1 to 20 pixels per exposure. A third is sharp or
// nearly so, for the network must learn to leave sharp video alone: also video that moves fast
// between sharp frames, as a fast shutter gives.
Exposure draw_exposure(Random &random) {
    const int64_t tau = 7 + 2 * random.integer(0, 4); // Kim et al. 2017, section 3
    const Shutter usual{tau, random.integer(tau, 2 * tau - 1)};
    const double kind = random.uniform();
    if (kind < 0.08)
        return {usual, 0, 0};
    if (kind < 0.20)
        return {usual, 0.2, 2.0};
    if (kind < 0.32)
        return {{tau, tau * random.integer(5, 12)}, 0.05, 1.5};
    return {usual, 2.0, 20.0};
}

// The same motion from sub-frame to sub-frame, exposed for tau of them: blur as in Fig. 5 of Kim et
// al. 2017, where a longer exposure is all that differs.
Exposure with_tau(int64_t tau, Random &random) {
    constexpr int64_t kPeriod = 15;
    const double per_sub_frame = random.log_uniform(0.2, 1.2); // pixels
    const double speed = per_sub_frame * static_cast<double>(tau);
    return {{tau, kPeriod}, speed, speed};
}

// Most cameras and sites make video smaller than it was exposed.
int64_t draw_shrink(Random &random) {
    const double kind = random.uniform();
    return kind < 0.5 ? 1 : kind < 0.88 ? 2 : 4; // 4 costs as much as all the others
}

// Of a hand that holds still, or of a tripod.
double draw_background_speed(Random &random) {
    return random.chance(0.75) ? 0.0 : random.log_uniform(0.05, 0.5);
}

// Sets a cut-out somewhere near the middle of an otherwise transparent layer.
Layer place(const CutOut &object, int64_t side, int64_t visible, Random &random, Path path) {
    const int64_t height = object.picture.size(1), width = object.picture.size(2);
    const auto offset = [&](int64_t length) {
        const int64_t middle = (side - length) / 2;
        return std::clamp(middle + random.integer(-visible / 2, visible / 2), int64_t{0},
                          side - length);
    };
    const int64_t top = offset(height), left = offset(width);
    Layer layer{at::zeros({3, side, side}), at::zeros({1, side, side}), std::move(path)};
    layer.picture.narrow(1, top, height).narrow(2, left, width).copy_(object.picture);
    layer.alpha.narrow(1, top, height).narrow(2, left, width).copy_(object.alpha);
    return layer;
}

} // namespace

std::vector<std::string> scene_names() {
    std::vector<std::string> names;
    for (const auto &[name, scenes] : kScenes)
        names.emplace_back(name);
    return names;
}

Scenes scenes_from(const std::string &name) {
    std::string valid;
    for (const auto &[known, scenes] : kScenes) {
        if (name == known)
            return scenes;
        valid += (valid.empty() ? "" : ", ") + std::string(known);
    }
    throw std::invalid_argument("unknown scenes '" + name + "', valid are: " + valid);
}

Clip Dataset::clip(uint64_t index) const {
    Random random(options_.seed, index);
    const int64_t visible = std::max(options_.height, options_.width);
    RenderOptions render_options;
    render_options.frames = options_.frames;
    render_options.height = options_.height;
    render_options.width = options_.width;
    auto exposure = draw_exposure(random);
    if (options_.tau)
        exposure = with_tau(*options_.tau, random);
    render_options.shutter = exposure.shutter;
    render_options.noise_seed = random.bits();
    const CameraResponse response(random, options_.response);
    render_options.shrink = options_.shrunk ? draw_shrink(random) : 1;
    const int64_t shrink = render_options.shrink, side = kCanvas * visible * shrink;

    const bool is_local = options_.scenes == Scenes::Local;
    const auto path_of = [&](double speed) {
        return MotionPath(random, speed, options_.frames, render_options.shutter.exposure(),
                          static_cast<double>(visible));
    };
    const auto path = [&] {
        const double drawn =
            exposure.fastest > 0 ? random.log_uniform(exposure.slowest, exposure.fastest) : 0.0;
        return path_of(options_.speed.value_or(drawn));
    };
    const bool has_people = options_.scenes == Scenes::People; // and nobody else may be seen
    std::vector<Layer> layers{{has_people ? sources_->empty_detail(random, side, shrink) : sources_->detail(random, side, shrink),
                               torch::Tensor(), is_local ? path_of(draw_background_speed(random)) : path()}};
    const int64_t largest = std::min(options_.height, options_.width) * shrink;
    const int64_t objects = has_people                       ? random.integer(0, 1)
                            : is_local || random.chance(0.5) ? random.integer(1, 2)
                                                             : 0;
    const auto film = [&](const CutOut &object, bool is_foreground) {
        layers.push_back(place(object, side, visible * shrink, random, path()));
        layers.back().is_foreground = is_foreground;
    };
    for (int64_t i = 0; i < objects; ++i)
        film(has_people ? sources_->thing(random, largest) : sources_->cut_out(random, largest), !has_people);
    for (int64_t i = has_people ? random.integer(1, 2) : 0; i > 0; --i)
        film(sources_->person(random, largest), true);
    for (auto &layer : layers) {
        layer.picture = layer.picture.to(options_.device);
        if (layer.alpha.defined())
            layer.alpha = layer.alpha.to(options_.device);
    }
    // Softness is no motion: what is soft in the blurry frames and the sharp ones is to be left alone.
    if (random.chance(options_.soft))
        render_options.softness = random.log_uniform(0.4, 2.0);
    auto clip = render(layers, response, render_options);
    if (random.chance(options_.compressed))
        clip.blurry = compress(clip.blurry, static_cast<int>(random.integer(15, 30)));
    return clip;
}

std::pair<torch::Tensor, torch::Tensor> Dataset::batch(uint64_t first, int64_t count) const {
    std::vector<torch::Tensor> blurry, sharp;
    for (int64_t i = 0; i < count; ++i) {
        const auto drawn = clip(first + static_cast<uint64_t>(i));
        blurry.push_back(drawn.blurry);
        sharp.push_back(drawn.sharp);
    }
    return {at::stack(blurry), at::stack(sharp)};
}

torch::Tensor compress(const torch::Tensor &frames, int crf) {
    const auto bytes = frames.mul(255).round().to(at::kByte).permute({0, 2, 3, 1}).cpu();
    return compress_h264(bytes.contiguous(), crf)
        .to(frames.device())
        .permute({0, 3, 1, 2})
        .to(at::kFloat)
        .div(255)
        .contiguous();
}

} // namespace deblur
