// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/outlines.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

namespace deblur {

Outlines read_outlines(const std::string &path) {
    std::ifstream stream(path);
    if (!stream)
        return {};
    try {
        return nlohmann::json::parse(stream).get<Outlines>();
    } catch (const nlohmann::json::exception &error) {
        throw std::runtime_error("'" + path + "' has no outlines: " + error.what());
    }
}

torch::Tensor fill(const Outline &outline, int64_t height, int64_t width) {
    auto mask = at::zeros({height, width}, at::kByte);
    const auto x_scale = static_cast<double>(width) / 1000, y_scale = static_cast<double>(height) / 1000;
    for (int64_t row = 0; row < height; ++row) {
        const double y = static_cast<double>(row) + 0.5;
        std::vector<double> crossings; // of the row's middle line
        for (size_t i = 0; i < outline.size(); ++i) {
            const auto &[from_x, from_y] = outline[i];
            const auto &[to_x, to_y] = outline[(i + 1) % outline.size()];
            const double begin = from_y * y_scale, end = to_y * y_scale;
            if ((begin <= y) != (end <= y))
                crossings.push_back(x_scale * (from_x + (to_x - from_x) * (y - begin) / (end - begin)));
        }
        std::sort(crossings.begin(), crossings.end());
        const auto column = [&](double x) {
            return std::clamp(static_cast<int64_t>(std::lround(x)), int64_t{0}, width);
        };
        for (size_t i = 0; i + 1 < crossings.size(); i += 2)
            mask[row].slice(0, column(crossings[i]), column(crossings[i + 1])).fill_(255);
    }
    return mask;
}

} // namespace deblur
