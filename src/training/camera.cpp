// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/camera.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kMaxMultiple = 5; // of tau; reached by motions above 35 pixels per exposure

// Bilinear sampling of a picture at twice its resolution stays close to the ideal interpolation;
// at its own resolution it would blur the "sharp" frames by an amount that changes with the phase.
// Where the picture is shrunk afterwards, nobody sees that.
constexpr int64_t kOversampling = 2;

struct PreparedLayer {
    torch::Tensor texture; // light x alpha, and alpha, 1 x 4 x h x w
    Path path;
    int64_t scale; // of the texture: its pixels per rendered pixel
};

PreparedLayer prepare(const Layer &layer, const CameraResponse &response, int64_t shrink) {
    const int64_t factor = shrink == 1 ? kOversampling : 1;
    const auto resize = [factor](const torch::Tensor &x) {
        return factor == 1 ? x.unsqueeze(0)
                           : at::_upsample_bicubic2d_aa( // separable, unlike upsample_bicubic2d
                                 x.unsqueeze(0), {x.size(1) * factor, x.size(2) * factor}, false);
    };
    const auto light = response.to_light(resize(layer.picture).clamp(0, 1));
    const auto alpha = layer.alpha.defined() ? resize(layer.alpha).clamp(0, 1)
                                             : at::ones_like(light.narrow(1, 0, 1));
    return {at::cat({light * alpha, alpha}, 1), layer.path, shrink * factor};
}

torch::Tensor homographies(const Path &path, const std::vector<double> &times,
                           const torch::Device &device) {
    std::vector<float> values;
    for (const double time : times)
        for (const double value : path(time))
            values.push_back(static_cast<float>(value));
    return at::tensor(values).view({static_cast<int64_t>(times.size()), 3, 3}).to(device);
}

// Centres of the pixels, of which each rendered one has `shrink` times as many on a side, in rendered pixels from the middle of the
// picture: 3 x HW, homogeneous.
torch::Tensor pixel_grid(int64_t height, int64_t width, int64_t shrink, const torch::Device &device) {
    const auto options = at::TensorOptions(at::kFloat).device(device);
    const auto y = at::arange(height, options) - 0.5 * static_cast<double>(height - 1);
    const auto x = at::arange(width, options) - 0.5 * static_cast<double>(width - 1);
    const auto rows = y.unsqueeze(1).expand({height, width}).reshape({-1});
    const auto columns = x.unsqueeze(0).expand({height, width}).reshape({-1});
    const auto unit = static_cast<double>(shrink);
    return at::stack({columns / unit, rows / unit, at::ones_like(rows)});
}

// Where the pixels lie at the times: T x HW x 2 (x, y), rendered pixels from the source's centre.
torch::Tensor positions(const Path &path, const std::vector<double> &times,
                        const torch::Tensor &grid) {
    const auto mapped = at::matmul(homographies(path, times, grid.device()), grid); // T x 3 x HW
    return (mapped.narrow(1, 0, 2) / mapped.narrow(1, 2, 1)).transpose(1, 2);
}

torch::Tensor sample(const PreparedLayer &layer, const torch::Tensor &at_positions, int64_t height,
                     int64_t width) {
    const auto &texture = layer.texture;
    const int64_t count = at_positions.size(0);
    const auto scale = static_cast<float>(layer.scale);
    const auto half_size = at::tensor({0.5f * static_cast<float>(texture.size(3)) / scale,
                                       0.5f * static_cast<float>(texture.size(2)) / scale})
                               .to(texture.device());
    const auto normalised = (at_positions / half_size).view({count, height, width, 2});
    return at::grid_sampler(texture.expand({count, -1, -1, -1}), normalised, /*bilinear*/ 0,
                            /*reflection*/ 2, /*align_corners*/ false);
}

// Path length of every pixel during the exposure of every frame, from its start, middle and end.
torch::Tensor motion_of(const Path &path, const RenderOptions &options, const torch::Tensor &grid) {
    const auto at_share = [&](double share) {
        std::vector<double> times;
        for (int64_t frame = 0; frame < options.frames; ++frame)
            times.push_back(frame + share * options.shutter.exposure());
        return positions(path, times, grid);
    };
    const auto begin = at_share(0), middle = at_share(0.5), end = at_share(1);
    return ((middle - begin).norm(2, {2}) + (end - middle).norm(2, {2}))
        .view({options.frames, 1, options.height, options.width});
}

} // namespace

torch::Tensor shrunk(const torch::Tensor &codes, int64_t factor) {
    return factor == 1 ? codes : at::avg_pool2d(codes, {factor, factor});
}

torch::Tensor soften(const torch::Tensor &light, double deviation) {
    if (deviation <= 0)
        return light;
    const int64_t side = std::min(light.size(2), light.size(3)), channels = light.size(1);
    const int64_t reach = std::min(static_cast<int64_t>(std::ceil(3 * deviation)), side - 1);
    const auto distance = at::arange(-reach, reach + 1).to(light.options()) / deviation;
    auto taps = at::exp(-0.5 * distance.square());
    taps = (taps / taps.sum()).expand({channels, 1, 1, 2 * reach + 1});
    const auto convolve = [channels](const torch::Tensor &x, const torch::Tensor &kernel) {
        return at::conv2d(x, kernel, {}, at::IntArrayRef({1, 1}), at::IntArrayRef({0, 0}), at::IntArrayRef({1, 1}),
                          channels);
    };
    const auto padded = at::reflection_pad2d(light, {reach, reach, reach, reach});
    return convolve(convolve(padded, taps), taps.transpose(2, 3));
}

Clip render(const std::vector<Layer> &layers, const CameraResponse &response,
            const RenderOptions &options) {
    const double exposure = options.shutter.exposure();
    const auto extent = static_cast<double>(std::max(options.height, options.width));
    std::vector<PreparedLayer> prepared;
    double longest = 0;
    for (const auto &layer : layers) {
        prepared.push_back(prepare(layer, response, options.shrink));
        longest = std::max(longest, longest_exposure(layer.path, options.frames, exposure, extent));
    }
    int64_t multiple = 1;
    while (multiple < kMaxMultiple && longest > static_cast<double>(options.shutter.tau * multiple))
        multiple += 2; // keeps the count odd, so that there is a middle sub-frame
    const int64_t count = options.shutter.tau * multiple;

    const int64_t height = options.height * options.shrink, width = options.width * options.shrink; // exposed
    const auto device = layers[0].picture.device();
    const auto grid = pixel_grid(options.height, options.width, 1, device);
    const auto exposed_grid = pixel_grid(height, width, options.shrink, device);
    std::vector<torch::Tensor> blurry, sharp, foreground;
    std::vector<std::vector<torch::Tensor>> passed(layers.size()), seen(layers.size()); // alpha by layer and frame: the
                                                                                        // largest, and in S_n
    for (int64_t frame = 0; frame < options.frames; ++frame) {
        std::vector<double> times;
        for (int64_t i = 0; i < count; ++i)
            times.push_back(frame +
                            exposure * (static_cast<double>(i) + 0.5) / static_cast<double>(count));
        torch::Tensor scene, covered;
        for (size_t i = 0; i < prepared.size(); ++i) {
            const auto &layer = prepared[i];
            const auto sampled = sample(layer, positions(layer.path, times, exposed_grid), height, width);
            const auto light = sampled.narrow(1, 0, 3), alpha = sampled.narrow(1, 3, 1);
            passed[i].push_back(shrunk(alpha.amax(0), options.shrink));
            seen[i].push_back(shrunk(alpha[count / 2], options.shrink));
            scene = scene.defined() ? light + scene * (1 - alpha) : light;
            if (!covered.defined())
                covered = at::zeros_like(seen[i].back());
            else if (layers[i].is_foreground)
                covered = at::max(covered, seen[i].back());
        }
        blurry.push_back(scene.clamp_max(1e3).mean(0));
        sharp.push_back(scene[count / 2]);
        foreground.push_back(covered);
    }

    Clip clip;
    // A lens softens every sub-frame alike, and so their mean.
    const double softness = options.softness * static_cast<double>(options.shrink);
    const auto light = soften(at::stack(blurry), softness);
    clip.blurry = shrunk(response.to_code(response.add_noise(light, options.noise_seed)), options.shrink);
    clip.sharp = shrunk(response.to_code(soften(at::stack(sharp), softness)), options.shrink);
    clip.foreground = at::stack(foreground);
    clip.blur = clip.motion = motion_of(layers[0].path, options, grid);
    for (size_t i = 1; i < layers.size(); ++i) {
        const auto motion = motion_of(layers[i].path, options, grid);
        clip.motion = at::lerp(clip.motion, motion, at::stack(seen[i]));
        clip.blur = at::max(clip.blur, motion * at::stack(passed[i]));
    }
    return clip;
}

} // namespace deblur
