// deblur-make-weights: writes a weight file with a known, untrained network, for tests.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <iostream>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <CLI/CLI.hpp>

#include "network/parameters.h"
#include "network/registry.h"
#include "torch/network_file.h"

namespace {

// The layers whose output is a correction.
const std::string kHead = "latent_head.";

// offset: for R, G and B; a head that makes several pixels at once has as many biases for each.
void shape_head(const deblur::TensorMap &parameters, double scale,
                const std::vector<double> &offset) {
    for (const auto &[name, tensor] : parameters) {
        if (name.find(kHead) == std::string::npos)
            continue;
        tensor.mul_(scale);
        if (tensor.dim() == 1) // the bias
            tensor.add_(at::tensor(offset, at::kFloat).repeat_interleave(tensor.numel() / 3));
    }
}

} // namespace

int main(int argc, char **argv) { // NOLINT(bugprone-exception-escape): CLI11, of wrong declarations
    deblur::NetworkConfig config;
    std::string path;
    uint64_t seed = 1;
    double scale = 1;
    std::vector<double> offset{0, 0, 0};

    CLI::App app{"Writes a weight file with a known, untrained network, for tests."};
    app.add_option("path", path, "File to write")->required();
    app.add_option("--architecture", config.architecture, "Architecture")
        ->check(CLI::IsMember(deblur::architectures()));
    app.add_option("--window", config.window, "m: frames on each side of the current one")
        ->check(CLI::Range(0, deblur::kMaxWindow));
    app.add_option("--seed", seed, "Seed of the initialisation");
    app.add_option("--scale", scale, "Factor of the correction; 0 makes it zero");
    app.add_option("--offset", offset,
                   "Added to the correction's R, G and B, in units of full scale")
        ->delimiter(',')
        ->expected(3);
    CLI11_PARSE(app, argc, argv);

    try {
        const at::NoGradGuard no_grad;
        at::manual_seed(seed);
        const auto network = deblur::make_network(config);
        const auto parameters = deblur::named_parameters(*network);
        shape_head(parameters, scale, offset);
        deblur::write_network_file(path, deblur::config_to_metadata(config), parameters);
    } catch (const std::exception &error) {
        std::cerr << "deblur-make-weights: " << error.what() << "\n";
        return 1;
    }
}
