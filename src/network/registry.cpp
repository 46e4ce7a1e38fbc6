// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/registry.h"

#include <stdexcept>

#include "base/in_quotes.h"
#include "network/bladenet.h"
#include "network/brmr.h"
#include "network/human.h"
#include "network/layers.h"
#include "network/strcnn.h"
#include "network/strcnn_fast.h"
#include "network/strcnn_local.h"

namespace deblur {

namespace {

struct Entry {
    const char *name;
    NetworkPtr (*make)(const NetworkConfig &);
};

template <bool Recurrent, bool Blending> NetworkPtr strcnn(const NetworkConfig &config) {
    return std::make_shared<Strcnn>(config, StrcnnTraits{Recurrent, Blending});
}

using HumanOutput = HumanTraits::Output;

template <bool Attention, int Scales, HumanOutput Output> NetworkPtr human(const NetworkConfig &config) {
    return std::make_shared<HumanAware>(config, HumanTraits{Attention, Scales, Output});
}

template <typename Architecture> NetworkPtr make(const NetworkConfig &config) {
    return std::make_shared<Architecture>(config);
}

const Entry kEntries[] = {
    {"strcnn_dtb", strcnn<true, true>},
    {"strcnn", strcnn<true, false>},
    {"cnn", strcnn<false, false>},
    {"strcnn_dtb_fast", make<StrcnnFast>},
    {"bladenet", make<BladeNet>},
    {"strcnn_dtb_local", make<StrcnnLocal>},
    {"human", human<true, 3, HumanOutput::Primary>},
    {"brmr", make<Brmr>},
};

const Entry kAblations[] = {
    {"human_no_attention", human<false, 3, HumanOutput::Primary>},
    {"human_one_scale", human<true, 1, HumanOutput::Primary>},
    {"human_foreground", human<true, 3, HumanOutput::Foreground>},
    {"human_background", human<true, 3, HumanOutput::Background>},
};

template <size_t Count> std::vector<std::string> names(const Entry (&entries)[Count]) {
    std::vector<std::string> result;
    for (const auto &entry : entries)
        result.push_back(entry.name);
    return result;
}

} // namespace

std::vector<std::string> architectures() {
    return names(kEntries);
}

std::vector<std::string> ablations() {
    return names(kAblations);
}

std::string architectures_with_map() {
    const ShapesOnly shapes_only;
    std::string names;
    for (const auto &entry : kEntries)
        if (entry.make({entry.name})->has_map())
            names += (names.empty() ? "" : ", ") + std::string(entry.name);
    return names;
}

NetworkPtr make_network(const NetworkConfig &config) {
    if (config.window < 0 || config.window > kMaxWindow)
        throw std::invalid_argument("window m = " + std::to_string(config.window) +
                                    " is not one of 0 to " + std::to_string(kMaxWindow));
    std::string valid;
    for (const auto &entry : kEntries) {
        if (config.architecture == entry.name)
            return entry.make(config);
        valid += (valid.empty() ? "" : ", ") + std::string(entry.name);
    }
    for (const auto &entry : kAblations)
        if (config.architecture == entry.name)
            return entry.make(config);
    throw std::invalid_argument("unknown architecture " + in_quotes(config.architecture) +
                                ", valid are: " + valid);
}

} // namespace deblur
