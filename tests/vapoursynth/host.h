// A host of VapourSynth plugins, for tests: VapourSynth's core without Python, clips made here, requests in any order.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <VapourSynth4.h>

namespace deblur::test {

/// The samples of a frame's planes, without padding, one plane after the other.
using Samples = std::vector<uint8_t>;

/// What a clip consists of. Pictures move, and are the same in every format.
struct ClipPlan {
    VSPresetVideoFormat format = pfYUV420P8;
    int width = 64, height = 48, length = 12;
    /// Sets properties of frame n, if there is such a function.
    std::function<void(int n, VSMap *properties, const VSAPI *api)> properties;
    /// Whether frames take times that differ, so that later ones are ready before earlier ones.
    bool jitter = false;
};

class Host {
  public:
    /// Loads the core and the plugin; threads is how many frames it works on at a time.
    explicit Host(int threads = 1);
    ~Host();
    Host(const Host &) = delete;
    Host &operator=(const Host &) = delete;

    const VSAPI *api() const { return api_; }

    using Node = std::shared_ptr<VSNode>;
    using Frame = std::shared_ptr<const VSFrame>;
    using Arguments = std::function<void(VSMap *arguments, const VSAPI *api)>;

    Node source(const ClipPlan &plan);
    /// core.deblur.Deblur(clip, ...). @throw std::runtime_error with the plugin's message
    Node deblur(const Node &clip, const Arguments &arguments);

    /// One frame, waited for. @throw std::runtime_error with the filter's message
    Frame frame(const Node &node, int n) const;
    /// All of these, asked for at once.
    std::vector<Frame> frames(const Node &node, const std::vector<int> &numbers) const;
    /// Samples of frames in the order in which they are asked for, one after the other.
    std::vector<Samples> samples(const Node &node, const std::vector<int> &numbers) const;
    Samples samples(const Frame &frame) const;

  private:
    Node adopt(VSNode *node) const;

    void *library_;
    const VSAPI *api_;
    VSCore *core_;
};

/// 0, 1, ... length - 1.
std::vector<int> in_order(int length);

/// PSNR in dB of 8-bit samples, 100 if they are equal.
double psnr(const Samples &a, const Samples &b);

} // namespace deblur::test
