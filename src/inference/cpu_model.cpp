// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_model.h"

#include <algorithm>

#include "inference/cpu/features.h"

namespace deblur {

cpu::Parameters cpu_parameters(const Model &model) {
    cpu::Parameters parameters;
    for (const auto &[name, parameter] : model.parameters)
        parameters[name] = {std::vector<int>(parameter.shape.begin(), parameter.shape.end()), parameter.values.data()};
    return parameters;
}

cpu::PipelineOptions pipeline_options(const Graph &graph, const InferenceSettings &settings, int height, int width,
                                      int multiple) {
    cpu::PipelineOptions options;
    const bool brief = settings.precision == Precision::BFloat16 ||
                       (settings.precision == Precision::Int8 && cpu::multiplies_bfloat16());
    options.element = brief ? cpu::Element::BFloat16 : cpu::Element::Float32;
    options.height = height;
    options.width = width;
    options.multiple = multiple;
    options.planes = 0;
    for (const auto &node : graph.nodes) {
        if (node.kind == Graph::Kind::Input)
            options.planes = std::max(options.planes, node.index + node.channels / (node.factor * node.factor));
        else if (node.kind == Graph::Kind::InputMean)
            options.planes = std::max(options.planes, node.index + node.channels);
    }
    options.threads = settings.threads;
    return options;
}

void add_planes(const Image &image, std::vector<const float *> &planes) {
    for (int channel = 0; channel < image.channels(); ++channel)
        planes.push_back(image.plane(channel));
}

} // namespace deblur
