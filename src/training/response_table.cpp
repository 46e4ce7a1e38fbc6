// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/response_table.h"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kCodes = 256, kUnit = 250; // the code whose light is 1

// Applies change(colour, its plane) to the three planes.
template <typename Change> torch::Tensor by_colour(const torch::Tensor &x, const Change &change) {
    std::vector<torch::Tensor> planes;
    for (int64_t colour = 0; colour < 3; ++colour)
        planes.push_back(change(colour, x.select(1, colour).contiguous()));
    return at::stack(planes, 1);
}

} // namespace

ResponseTable::ResponseTable(const std::string &path) {
    std::ifstream file(path);
    const auto malformed = [&](const std::string &what) {
        return std::runtime_error("'" + path + "' must hold the light of 256 codes (" + what + ")");
    };
    std::string line;
    if (!std::getline(file, line))
        throw malformed("it cannot be read");
    std::vector<float> values;
    for (int64_t code = 0; code < kCodes; ++code) {
        int64_t number = -1;
        float red = 0, green = 0, blue = 0;
        if (!std::getline(file, line) ||
            !(std::istringstream(line) >> number >> red >> green >> blue) || number != code)
            throw malformed("line " + std::to_string(code + 2) + " is not that of code " +
                            std::to_string(code));
        values.insert(values.end(), {red, green, blue});
    }
    light_ = at::tensor(values).view({kCodes, 3}).t().contiguous();
    light_ = light_ / light_.narrow(1, kUnit, 1);
    if (!(light_.select(1, 0) < light_.select(1, kCodes - 1)).all().item<bool>())
        throw malformed("it does not grow with the code");
    light_ = std::get<0>(
        light_.cummax(1)); // measured light may step back where hardly any pixel told of a code
}

torch::Tensor ResponseTable::to_light(const torch::Tensor &code) const {
    const auto position = code.clamp(0, 1) * (kCodes - 1);
    return by_colour(position, [&](int64_t colour, const torch::Tensor &plane) {
        const auto table = light_[colour].to(plane.device());
        const auto below = plane.floor().clamp_max(kCodes - 2).to(at::kLong);
        return at::lerp(table.take(below), table.take(below + 1), plane - below.to(at::kFloat));
    });
}

torch::Tensor ResponseTable::to_code(const torch::Tensor &light) const {
    return by_colour(light, [&](int64_t colour, const torch::Tensor &plane) {
        const auto table = light_[colour].to(plane.device());
        const auto above = at::searchsorted(table, plane).clamp(1, kCodes - 1);
        const auto low = table.take(above - 1), high = table.take(above);
        return ((above - 1).to(at::kFloat) + (plane - low) / (high - low).clamp_min(1e-6))
            .div(kCodes - 1)
            .clamp(0, 1);
    });
}

} // namespace deblur
