// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/registry.h"

#include <stdexcept>

#include "network/bladenet.h"
#include "network/brmr.h"
#include "network/human.h"
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
    {"human_no_attention", human<false, 3, HumanOutput::Primary>},
    {"human_one_scale", human<true, 1, HumanOutput::Primary>},
    {"human_foreground", human<true, 3, HumanOutput::Foreground>},
    {"human_background", human<true, 3, HumanOutput::Background>},
};

} // namespace

NetworkPtr make_network(const NetworkConfig &config) {
    describe(config); // checks it
    for (const auto &entry : kEntries)
        if (config.architecture == entry.name)
            return entry.make(config);
    throw std::logic_error("architecture " + config.architecture + " has no module");
}

} // namespace deblur
