// What VapourSynth calls: core.deblur.Deblur().
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include "vapoursynth/filter.h"

namespace deblur::vapoursynth {

namespace {

/// How many frames a restart goes back: docs/vapoursynth.md has the measurement.
constexpr int kWarmup = 16;
constexpr int kMaxWarmup = 256;

/// The arguments of one call.
class Arguments {
  public:
    Arguments(const VSMap *map, const VSAPI *api) : map_(map), api_(api) {}

    int integer(const char *name, int fallback) const {
        int missing = 0;
        const int value = api_->mapGetIntSaturated(map_, name, 0, &missing);
        return missing ? fallback : value;
    }

    float number(const char *name, float fallback) const {
        int missing = 0;
        const float value = api_->mapGetFloatSaturated(map_, name, 0, &missing);
        return missing ? fallback : value;
    }

    std::string text(const char *name) const {
        int missing = 0;
        const char *value = api_->mapGetData(map_, name, 0, &missing);
        return missing ? "" : value;
    }

    /// The index of the argument among the choices, 0 if it is missing. @throw std::runtime_error
    int choice(const char *name, std::initializer_list<const char *> choices) const {
        const std::string value = text(name);
        if (value.empty())
            return 0;
        const auto found = std::find(choices.begin(), choices.end(), value);
        if (found != choices.end())
            return static_cast<int>(found - choices.begin());
        std::string valid;
        for (const char *choice : choices)
            valid += (valid.empty() ? "" : ", ") + std::string(choice);
        throw std::runtime_error("deblur.Deblur: " + std::string(name) + " must be one of " +
                                 valid + " (got " + value + ")");
    }

  private:
    const VSMap *const map_;
    const VSAPI *const api_;
};

void read_resolution(const std::string &text, deblur_options &options) {
    int end = 0;
    if (text.empty() || text == "source")
        return;
    if (std::sscanf(text.c_str(), "%5dx%5d%n", &options.width, &options.height, &end) != 2 ||
        text.c_str()[end])
        throw std::runtime_error("deblur.Deblur: resolution must be source or WIDTHxHEIGHT (got " +
                                 text + ")");
}

Settings read_settings(const Arguments &arguments) {
    Settings settings{};
    deblur_options &options = settings.options;
    deblur_default_options(&options);
    settings.model = arguments.text("model");
    settings.weights = arguments.text("weights");
    settings.device = arguments.text("device");
    settings.strength = arguments.number("strength", 1);
    settings.field = static_cast<FieldMode>(arguments.choice("field", {"auto", "frame", "fields"}));
    options.window = arguments.integer("m", options.window);
    read_resolution(arguments.text("resolution"), options);
    options.precision = static_cast<deblur_precision>(
        arguments.choice("precision", {"auto", "fp32", "bf16", "fp16", "int8"}));
    options.threads = arguments.integer("threads", options.threads);
    options.scene = arguments.number("scene", options.scene);
    options.mask = arguments.integer("mask", options.mask);
    options.focus = arguments.number("focus", options.focus);
    options.refine = arguments.integer("refine", options.refine);
    options.passes = arguments.integer("passes", options.passes);
    options.memory = arguments.integer("memory", options.memory);
    return settings;
}

const VSFrame *VS_CC get_frame(int n, int reason, void *instance, void **, VSFrameContext *context,
                               VSCore *, const VSAPI *api) {
    auto &filter = *static_cast<Filter *>(instance);
    if (reason == arInitial) {
        const auto [first, last] = filter.request_range(n);
        for (int i = first; i <= last; ++i)
            api->requestFrameFilter(i, filter.source(), context);
    } else if (reason == arAllFramesReady) {
        try {
            return filter.get(n, context);
        } catch (const std::exception &error) {
            api->setFilterError(error.what(), context);
        }
    }
    return nullptr;
}

void VS_CC free_filter(void *instance, VSCore *, const VSAPI *) {
    delete static_cast<Filter *>(instance);
}

std::unique_ptr<Filter> make_filter(const Arguments &arguments, VSNode *clip, VSCore *core,
                                    const VSAPI *api) {
    const VSVideoInfo &info = *api->getVideoInfo(clip);
    if (!is_supported(info.format) || !info.width || !info.height)
        throw std::runtime_error(
            "deblur.Deblur: the clip must have a constant size and format, of 8 to 16 bits or "
            "floating point");
    const float strength = arguments.number("strength", 1);
    if (!(strength >= 0 && strength <= 1))
        throw std::runtime_error("deblur.Deblur: strength must be 0 to 1 (got " +
                                 std::to_string(strength) + ")");
    const int warmup = arguments.integer("warmup", kWarmup);
    if (warmup < 0 || warmup > kMaxWarmup)
        throw std::runtime_error("deblur.Deblur: warmup must be 0 to " +
                                 std::to_string(kMaxWarmup) + " (got " + std::to_string(warmup) +
                                 ")");
    VSCoreInfo about;
    api->getCoreInfo(core, &about);
    return std::make_unique<Filter>(clip, read_settings(arguments), warmup, about.numThreads, core,
                                    api);
}

void VS_CC create(const VSMap *in, VSMap *out, void *, VSCore *core, const VSAPI *api) {
    VSNode *const clip = api->mapGetNode(in, "clip", 0, nullptr);
    std::unique_ptr<Filter> filter;
    try {
        filter = make_filter({in, api}, clip, core, api);
    } catch (const std::exception &error) {
        api->freeNode(clip);
        api->mapSetError(out, error.what());
        return;
    }
    const VSVideoInfo info = filter->info();
    const VSFilterDependency dependency = {clip, rpGeneral};
    api->createVideoFilter(out, "Deblur", &info, get_frame, free_filter, fmParallelRequests,
                           &dependency, 1, filter.release(), core);
}

} // namespace

} // namespace deblur::vapoursynth

VS_EXTERNAL_API(void) VapourSynthPluginInit2(VSPlugin *plugin, const VSPLUGINAPI *api) {
    api->configPlugin("org.libdeblur.deblur", "deblur", "Motion deblurring with recurrent networks",
                      VS_MAKE_VERSION(DEBLUR_VERSION_MAJOR, DEBLUR_VERSION_MINOR),
                      VAPOURSYNTH_API_VERSION, 0, plugin);
    api->registerFunction(
        "Deblur",
        "clip:vnode;model:data:opt;m:int:opt;resolution:data:opt;strength:float:opt;"
        "scene:float:opt;weights:data:opt;device:data:opt;precision:data:opt;threads:int:opt;"
        "field:data:opt;focus:float:opt;mask:int:opt;refine:int:opt;passes:int:opt;"
        "memory:int:opt;warmup:int:opt;",
        "clip:vnode;", deblur::vapoursynth::create, nullptr, plugin);
}
