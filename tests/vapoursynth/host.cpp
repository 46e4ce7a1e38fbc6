// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vapoursynth/host.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <dlfcn.h>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>

namespace deblur::test {

namespace {

/// A smooth pattern that moves 2.5 pixels a frame, averaged over that path: 0 to 1.
double picture(int n, int plane, double x, double y) {
    constexpr int kSteps = 8;
    double sum = 0;
    for (int i = 0; i < kSteps; ++i) {
        const double moved = x - 2.5 * (n + double(i) / kSteps);
        sum += std::sin(0.45 * moved + plane) * std::cos(0.3 * y) +
               std::sin(0.13 * moved * (1 + plane) + 0.21 * y);
    }
    return 0.5 + 0.2 * sum / kSteps;
}

void store(uint8_t *row, int x, double value, const VSVideoFormat &format, bool is_chroma) {
    if (format.sampleType == stFloat) {
        const auto sample = static_cast<float>(is_chroma ? value - 0.5 : value);
        std::memcpy(row + 4 * x, &sample, 4);
    } else {
        const auto code =
            static_cast<uint16_t>(std::lround(value * ((1 << format.bitsPerSample) - 1)));
        std::memcpy(row + format.bytesPerSample * x, &code, format.bytesPerSample);
    }
}

struct Source {
    ClipPlan plan;
    VSVideoInfo info;
};

const VSFrame *VS_CC make_frame(int n, int, void *instance, void **, VSFrameContext *, VSCore *core,
                                const VSAPI *api) {
    const auto &[plan, info] = *static_cast<Source *>(instance);
    if (plan.jitter)
        std::this_thread::sleep_for(std::chrono::milliseconds(n * 7 % 5 * 4));
    VSFrame *frame = api->newVideoFrame(&info.format, info.width, info.height, nullptr, core);
    for (int p = 0; p < info.format.numPlanes; ++p) {
        const bool is_chroma = p > 0 && info.format.colorFamily == cfYUV;
        const int w = is_chroma ? info.format.subSamplingW : 0,
                  h = is_chroma ? info.format.subSamplingH : 0;
        for (int y = 0; y < api->getFrameHeight(frame, p); ++y)
            for (int x = 0; x < api->getFrameWidth(frame, p); ++x)
                store(api->getWritePtr(frame, p) + y * api->getStride(frame, p), x,
                      picture(n, p, x << w, y << h), info.format, is_chroma);
    }
    if (plan.properties)
        plan.properties(n, api->getFramePropertiesRW(frame), api);
    return frame;
}

void VS_CC free_source(void *instance, VSCore *, const VSAPI *) {
    delete static_cast<Source *>(instance);
}

} // namespace

Host::Host(int threads) : library_(dlopen(DEBLUR_VAPOURSYNTH_LIBRARY, RTLD_NOW)) {
    if (!library_)
        throw std::runtime_error(dlerror());
    const auto entry = reinterpret_cast<VSGetVapourSynthAPI>(dlsym(library_, "getVapourSynthAPI"));
    api_ = entry(VAPOURSYNTH_API_VERSION);
    core_ = api_->createCore(ccfDisableAutoLoading);
    api_->setThreadCount(threads, core_);

    VSMap *arguments = api_->createMap();
    api_->mapSetData(arguments, "path", DEBLUR_VAPOURSYNTH_PLUGIN, -1, dtUtf8, maReplace);
    VSMap *result = api_->invoke(api_->getPluginByNamespace("std", core_), "LoadPlugin", arguments);
    const char *error = api_->mapGetError(result);
    const std::string message = error ? error : "";
    api_->freeMap(arguments);
    api_->freeMap(result);
    if (error)
        throw std::runtime_error(message);
}

Host::~Host() {
    api_->freeCore(core_);
}

Host::Node Host::adopt(VSNode *node) const {
    return {node, [api = api_](VSNode *owned) { api->freeNode(owned); }};
}

Host::Node Host::source(const ClipPlan &plan) {
    auto source = std::make_unique<Source>();
    source->plan = plan;
    source->info = {{}, 25, 1, plan.width, plan.height, plan.length};
    api_->getVideoFormatByID(&source->info.format, plan.format, core_);
    const VSVideoInfo info = source->info;
    return adopt(api_->createVideoFilter2("Source", &info, make_frame, free_source, fmParallel,
                                          nullptr, 0, source.release(), core_));
}

Host::Node Host::deblur(const Node &clip, const Arguments &set) {
    VSMap *arguments = api_->createMap();
    api_->mapSetNode(arguments, "clip", clip.get(), maReplace);
    set(arguments, api_);
    VSMap *result = api_->invoke(api_->getPluginByNamespace("deblur", core_), "Deblur", arguments);
    api_->freeMap(arguments);
    const std::string error = api_->mapGetError(result) ? api_->mapGetError(result) : "";
    const Node node = error.empty() ? adopt(api_->mapGetNode(result, "clip", 0, nullptr)) : nullptr;
    api_->freeMap(result);
    if (!node)
        throw std::runtime_error(error);
    return node;
}

Host::Frame Host::frame(const Node &node, int n) const {
    char error[1024] = "";
    const VSFrame *frame = api_->getFrame(n, node.get(), error, sizeof error);
    if (!frame)
        throw std::runtime_error(error);
    return {frame, [api = api_](const VSFrame *owned) { api->freeFrame(owned); }};
}

std::vector<Host::Frame> Host::frames(const Node &node, const std::vector<int> &numbers) const {
    struct Waiting {
        const VSAPI *api;
        std::vector<Frame> frames;
        size_t left;
        std::mutex mutex;
        std::condition_variable done;
    } waiting{api_,
              std::vector<Frame>(api_->getVideoInfo(node.get())->numFrames),
              numbers.size(),
              {},
              {}};
    const auto done = [](void *data, const VSFrame *frame, int n, VSNode *, const char *) {
        auto &self = *static_cast<Waiting *>(data);
        const std::lock_guard lock(self.mutex);
        if (frame)
            self.frames[n] = {frame,
                              [api = self.api](const VSFrame *owned) { api->freeFrame(owned); }};
        if (!--self.left)
            self.done.notify_one();
    };
    for (const int n : numbers)
        api_->getFrameAsync(n, node.get(), done, &waiting);
    std::unique_lock lock(waiting.mutex);
    waiting.done.wait(lock, [&] { return !waiting.left; });
    return waiting.frames;
}

Samples Host::samples(const Frame &frame) const {
    Samples samples;
    const VSVideoFormat &format = *api_->getVideoFrameFormat(frame.get());
    for (int p = 0; p < format.numPlanes; ++p) {
        const uint8_t *row = api_->getReadPtr(frame.get(), p);
        for (int y = 0; y < api_->getFrameHeight(frame.get(), p);
             ++y, row += api_->getStride(frame.get(), p))
            samples.insert(samples.end(), row,
                           row + api_->getFrameWidth(frame.get(), p) * format.bytesPerSample);
    }
    return samples;
}

std::vector<Samples> Host::samples(const Node &node, const std::vector<int> &numbers) const {
    std::vector<Samples> result;
    for (const int n : numbers)
        result.push_back(samples(frame(node, n)));
    return result;
}

std::vector<int> in_order(int length) {
    std::vector<int> numbers(length);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

double psnr(const Samples &a, const Samples &b) {
    double error = 0;
    for (size_t i = 0; i < a.size(); ++i)
        error += (a[i] - b[i]) * (a[i] - b[i]);
    return error > 0 ? 10 * std::log10(255.0 * 255 * a.size() / error) : 100;
}

} // namespace deblur::test
