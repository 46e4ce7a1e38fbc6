// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/model_file.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "weights/safetensors.h"

namespace deblur {

namespace {

void check_header(const WeightFile &header) {
    Shapes shapes;
    for (const auto &[name, tensor] : header.tensors)
        shapes.emplace(name, tensor.shape);
    check_shapes(config_from_metadata(header.metadata), shapes);
}

Parameter parameter_of(const std::string &name, const WeightTensor &tensor) {
    Parameter parameter{tensor.shape, to_floats(tensor)};
    const auto &values = parameter.values;
    if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
        throw std::invalid_argument("tensor '" + name + "' has values that are not finite");
    return parameter;
}

} // namespace

Model read_model(const std::string &path, const std::string &sha256) {
    const WeightFile file = read_safetensors(path, check_header, sha256);
    Model model;
    model.config = config_from_metadata(file.metadata);
    model.architecture = describe(model.config);
    for (const auto &[name, tensor] : file.tensors)
        model.parameters.emplace(name, parameter_of(name, tensor));
    return model;
}

} // namespace deblur
