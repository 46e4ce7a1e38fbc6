// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/architecture.h"

#include <stdexcept>

#include "base/in_quotes.h"
#include "network/brmr_graphs.h"
#include "network/human_graph.h"
#include "network/perception_graph.h"
#include "network/strcnn_graphs.h"

namespace deblur {

namespace {

struct Entry {
    const char *name;
    Architecture (*describe)(const NetworkConfig &);
};

template <bool Recurrent, bool Blending> Architecture strcnn(const NetworkConfig &config) {
    return {Composition::Plain, 2, strcnn_graph(config, {Recurrent, Blending})};
}

Architecture strcnn_fast(const NetworkConfig &config) {
    return {Composition::Plain, 8, strcnn_fast_graph(config, false)};
}

Architecture bladenet(const NetworkConfig &config) {
    return {Composition::Guided, 8, strcnn_fast_graph(config, true), perception_graph(config)};
}

Architecture strcnn_local(const NetworkConfig &config) {
    return {Composition::Gated, 2, strcnn_graph(config, {true, true}), perception_graph(config)};
}

template <bool Attention, int Scales, HumanTraits::Output Output> Architecture human(const NetworkConfig &config) {
    const HumanTraits traits{Attention, Scales, Output};
    Architecture result{Composition::Pyramid, 32, human_graph(config, traits)};
    human_graph(config, traits, HumanParts::All).add_shapes(result.shapes);
    result.scales = Scales;
    return result;
}

Architecture brmr(const NetworkConfig &config) {
    Architecture result{Composition::Mining, 1};
    for (const BrmrPart part : {BrmrPart::Image, BrmrPart::Patch}) {
        generator_graph(config, part).add_shapes(result.shapes);
        discriminator_graph(config, part).add_shapes(result.shapes);
        add_discriminator_head(config, part, result.shapes);
    }
    return result;
}

using Output = HumanTraits::Output;

constexpr Entry kEntries[] = {
    {"strcnn_dtb", strcnn<true, true>},
    {"strcnn", strcnn<true, false>},
    {"cnn", strcnn<false, false>},
    {"strcnn_dtb_fast", strcnn_fast},
    {"bladenet", bladenet},
    {"strcnn_dtb_local", strcnn_local},
    {"human", human<true, 3, Output::Primary>},
    {"brmr", brmr},
};

constexpr Entry kAblations[] = {
    {"human_no_attention", human<false, 3, Output::Primary>},
    {"human_one_scale", human<true, 1, Output::Primary>},
    {"human_foreground", human<true, 3, Output::Foreground>},
    {"human_background", human<true, 3, Output::Background>},
};

template <size_t Count> std::vector<std::string> names(const Entry (&entries)[Count]) {
    std::vector<std::string> result;
    for (const auto &entry : entries)
        result.push_back(entry.name);
    return result;
}

std::string in_one_line(const std::vector<std::string> &names) {
    std::string line;
    for (const auto &name : names)
        line += (line.empty() ? "" : ", ") + name;
    return line;
}

const Entry &find(const std::string &name) {
    for (const auto &entry : kEntries)
        if (name == entry.name)
            return entry;
    for (const auto &entry : kAblations)
        if (name == entry.name)
            return entry;
    throw std::invalid_argument("unknown architecture " + in_quotes(name) + ", valid are: " + in_one_line(architectures()));
}

std::string shape_text(const std::vector<int64_t> &shape) {
    std::string text;
    for (const int64_t extent : shape)
        text += (text.empty() ? "[" : ", ") + std::to_string(extent);
    return (text.empty() ? "[" : text) + "]";
}

} // namespace

std::vector<std::string> architectures() {
    return names(kEntries);
}

std::vector<std::string> ablations() {
    return names(kAblations);
}

std::string architectures_with_map() {
    std::vector<std::string> with_map;
    for (const auto &name : architectures())
        if (describe({name}).has_map())
            with_map.push_back(name);
    return in_one_line(with_map);
}

Architecture describe(const NetworkConfig &config) {
    if (config.window < 0 || config.window > kMaxWindow)
        throw std::invalid_argument("window m = " + std::to_string(config.window) +
                                    " is not one of 0 to " + std::to_string(kMaxWindow));
    auto architecture = find(config.architecture).describe(config);
    architecture.step.add_shapes(architecture.shapes);
    architecture.perception.add_shapes(architecture.shapes);
    return architecture;
}

void check_shapes(const NetworkConfig &config, const Shapes &given) {
    const Shapes wanted = describe(config).shapes;
    for (const auto &[name, shape] : given)
        if (wanted.count(name) == 0)
            throw std::invalid_argument("architecture " + config.architecture + " has no tensor " + in_quotes(name));
    for (const auto &[name, shape] : wanted) {
        const auto found = given.find(name);
        if (found == given.end())
            throw std::invalid_argument("tensor '" + name + "' is missing");
        if (found->second != shape)
            throw std::invalid_argument("tensor '" + name + "' has shape " + shape_text(found->second) +
                                        " instead of " + shape_text(shape));
    }
}

} // namespace deblur
