// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/calibration.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <random>
#include <set>
#include <utility>

#include "base/image.h"

namespace deblur {

namespace {

constexpr int kSide = 96;       // pixels; a multiple of what networks need
constexpr int kFrames = 6;      // calibrated on
constexpr int kRectangles = 60; // in a frame

/// Frames of rectangles that move by a few pixels each.
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

    Image next() {
        const Image frame(3, kSide, kSide);
        std::fill_n(frame.data(), frame.size(), 0.5f);
        for (auto &r : rectangles_) {
            const auto edges = [&](int axis) {
                const auto clamped = [](float position) { return std::clamp(static_cast<int>(position), 0, kSide); };
                return std::pair{clamped(r.begin[axis]), clamped(r.begin[axis] + r.size[axis])};
            };
            const auto [top, bottom] = edges(0);
            const auto [left, right] = edges(1);
            for (int colour = 0; colour < 3; ++colour)
                for (int y = top; y < bottom; ++y)
                    std::fill(frame.row(colour, y) + left, frame.row(colour, y) + std::max(left, right), r.colour[colour]);
            for (int axis = 0; axis < 2; ++axis)
                r.begin[axis] += r.speed[axis];
        }
        for (float *sample = frame.data(); sample != frame.data() + frame.size(); ++sample)
            *sample = std::clamp(*sample + uniform(-0.05f, 0.05f), 0.0f, 1.0f);
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
bool is_worthwhile(const Graph::Node &node) {
    constexpr int least = 256;
    return node.channels * node.kernel * node.kernel / (node.stride * node.stride) >= least;
}

std::set<std::string> worthwhile(const Graph &graph) {
    std::set<std::string> modules;
    for (const auto &node : graph.nodes) {
        if (node.kind == Graph::Kind::Blend)
            modules.insert(node.module + ".compare");
        if (node.kind == Graph::Kind::UpConv)
            modules.insert({node.module, node.head});
        if (node.kind != Graph::Kind::Conv)
            continue;
        // The network's own input keeps its precision.
        const bool is_first = graph.node(node.first).kind == Graph::Kind::Input;
        if (!is_first && is_worthwhile(node))
            modules.insert(node.module);
    }
    return modules;
}

} // namespace

std::map<std::string, cpu::Range> calibrate(const Graph &graph, const cpu::Parameters &parameters, int frames) {
    std::map<std::string, cpu::Range> ranges;
    cpu::PipelineOptions options;
    options.height = options.width = kSide;
    options.planes = 3 * frames;
    options.observed = &ranges;
    cpu::Pipeline pipeline(graph, parameters, options);
    const Image head = pipeline.make_head();
    Scene scene;
    std::deque<Image> window;
    for (int n = 0; n < kFrames + frames - 1; ++n) {
        window.push_back(scene.next());
        if (static_cast<int>(window.size()) < frames)
            continue;
        std::vector<const float *> planes;
        for (const auto &frame : window)
            for (int colour = 0; colour < 3; ++colour)
                planes.push_back(frame.plane(colour));
        pipeline.step(planes, head);
        window.pop_front();
    }
    const auto modules = worthwhile(graph);
    for (auto range = ranges.begin(); range != ranges.end();)
        range = modules.count(range->first) > 0 ? std::next(range) : ranges.erase(range);
    return ranges;
}

} // namespace deblur
