// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/network_file.h"

#include "network/registry.h"
#include "torch/weight_tensors.h"
#include "weights/safetensors.h"

namespace deblur {

namespace {

void check_header(const WeightFile &header) {
    Shapes shapes;
    for (const auto &[name, tensor] : header.tensors)
        shapes.emplace(name, tensor.shape);
    check_shapes(config_from_metadata(header.metadata), shapes);
}

StoredNetwork stored_in(const WeightFile &file) {
    return {config_from_metadata(file.metadata), to_tensors(file)};
}

} // namespace

StoredNetwork read_network_file(const std::string &path, const std::string &sha256) {
    return stored_in(read_safetensors(path, check_header, sha256));
}

StoredNetwork parse_network_file(const char *data, size_t size, const std::string &name) {
    return stored_in(parse_safetensors(data, size, name, check_header));
}

NetworkPtr network_of(const StoredNetwork &stored) {
    auto network = make_network(stored.config);
    load_parameters(*network, stored.parameters);
    return network;
}

void write_network_file(const std::string &path, const Metadata &metadata,
                        const TensorMap &parameters) {
    write_safetensors(path, to_weight_file(metadata, parameters));
}

} // namespace deblur
