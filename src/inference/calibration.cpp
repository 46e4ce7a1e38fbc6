// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/calibration.h"

#include <algorithm>
#include <random>
#include <set>

#include <ATen/ATen.h>

#include "inference/plain_network.h"
#include "network/parameters.h"

namespace deblur {

namespace {

constexpr int64_t kSide = 96;   // pixels
constexpr int kFrames = 6;      // calibrated on
constexpr int kRectangles = 60; // in a frame

/// Frames of rectangles that move by a few pixels each, without LibTorch's random generator, which belongs
/// to others.
class Scene {
  public:
    Scene() {
        for (int i = 0; i < kRectangles; ++i) {
            Rectangle r{};
            for (int axis = 0; axis < 2; ++axis) {
                r.begin[axis] = uniform(-30, kSide);
                r.size[axis] = uniform(2, 60);
                r.speed[axis] = uniform(-6, 6);
            }
            for (float &value : r.colour)
                value = std::clamp(uniform(-0.2f, 1.2f), 0.0f, 1.0f);
            rectangles_.push_back(r);
        }
    }

    torch::Tensor next() {
        auto frame = at::full({1, 3, kSide, kSide}, 0.5f);
        for (auto &r : rectangles_) {
            const auto span = [&](int axis) {
                const auto begin =
                    std::clamp<int64_t>(static_cast<int64_t>(r.begin[axis]), 0, kSide);
                const auto end = static_cast<int64_t>(r.begin[axis] + r.size[axis]);
                return std::pair{begin, std::clamp<int64_t>(end, begin, kSide) - begin};
            };
            const auto [y, height] = span(0);
            const auto [x, width] = span(1);
            for (int colour = 0; colour < 3; ++colour)
                frame[0][colour].narrow(0, y, height).narrow(1, x, width).fill_(r.colour[colour]);
            for (int axis = 0; axis < 2; ++axis)
                r.begin[axis] += r.speed[axis];
        }
        float *samples = frame.data_ptr<float>();
        for (int64_t i = 0; i < frame.numel(); ++i)
            samples[i] = std::clamp(samples[i] + uniform(-0.05f, 0.05f), 0.0f, 1.0f);
        return frame;
    }

  private:
    struct Rectangle {
        float begin[2], size[2], speed[2], colour[3];
    };

    // Unlike std::uniform_real_distribution, the same everywhere.
    float uniform(float low, float high) {
        return low + (high - low) * static_cast<float>(generator_()) / 4294967295.0f;
    }

    std::mt19937 generator_{1};
    std::vector<Rectangle> rectangles_;
};

// Whether a convolution has so many products for each sample of its input that twice their speed is worth
// a pass that makes the sample's code.
bool is_worthwhile(const Graph::Node &node, const TensorMap &parameters) {
    constexpr int64_t least = 256;
    const auto &weight = parameters.at(node.module + ".weight");
    return weight.size(0) * weight.size(2) * weight.size(3) / (node.stride * node.stride) >= least;
}

std::set<std::string> worthwhile(const Network &network) {
    const auto graph = network.graph();
    const auto parameters = named_parameters(network);
    std::set<std::string> modules;
    for (const auto &node : graph.nodes) {
        if (node.kind == Graph::Kind::Blend)
            modules.insert(node.module + ".compare");
        if (node.kind == Graph::Kind::UpConv)
            modules.insert({node.module, node.head});
        if (node.kind != Graph::Kind::Conv)
            continue;
        // The network's own input keeps its precision.
        const bool is_first =
            graph.nodes[static_cast<size_t>(node.first)].kind == Graph::Kind::Window;
        if (!is_first && is_worthwhile(node, parameters))
            modules.insert(node.module);
    }
    return modules;
}

} // namespace

std::map<std::string, cpu::Range> calibrate(const Network &network) {
    const at::NoGradGuard no_grad;
    std::map<std::string, cpu::Range> ranges;
    const auto modules = worthwhile(network);
    PlainNetwork plain(network, [&](const std::string &module, const torch::Tensor &input) {
        if (modules.count(module) == 0)
            return;
        const float low = input.min().item<float>(), high = input.max().item<float>();
        auto &range = ranges.emplace(module, cpu::Range{low, high}).first->second;
        range = {std::min(range.low, low), std::max(range.high, high)};
    });
    Scene scene;
    std::vector<torch::Tensor> window;
    for (int n = 0; n < kFrames + network.window_frames() - 1; ++n) {
        window.push_back(scene.next());
        if (static_cast<int64_t>(window.size()) < network.window_frames())
            continue;
        plain.step(window);
        window.erase(window.begin());
    }
    return ranges;
}

} // namespace deblur
