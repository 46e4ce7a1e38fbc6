// SPDX-License-Identifier: LGPL-2.1-or-later
#include "benchmark/measurement.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "benchmark/device.h"
#include "torch/plain_network.h"

namespace deblur {

namespace {

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double seconds_of(BenchmarkDevice &device, const std::function<void()> &body) {
    device.synchronize();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < device.burst(); ++i)
        body();
    device.synchronize();
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start;
    return all.count() / device.burst();
}

} // namespace

Measurement measure(BenchmarkDevice &device, const Case &what, int steps, bool compare) {
    const c10::InferenceMode inference;
    device.reset_peak_memory();
    Measurement result{};
    const auto network = device.make(what, result.map_bytes);
    std::vector<torch::Tensor> window;
    for (int64_t i = 0; i < what.network->window_frames(); ++i)
        window.push_back(at::rand({1, 3, what.height, what.width}, device.place()));
    network->step(window);
    device.synchronize();

    result.peak_memory = device.peak_memory();
    device.measure_peak(); // warms up
    what.network->to(device.place());
    std::optional<PlainNetwork> plain;
    if (compare) {
        plain.emplace(*what.network);
        plain->step(window);
    }
    std::vector<double> peak, ours, theirs;
    for (int i = 0; i < steps; ++i) {
        peak.push_back(device.measure_peak());
        ours.push_back(seconds_of(device, [&] { network->step(window); }));
        if (compare)
            theirs.push_back(seconds_of(device, [&] { plain->step(window); }));
    }
    result.seconds = median(ours);
    result.flops = 2 * what.network->macs_per_pixel() * what.width * what.height / result.seconds;
    result.peak_flops = median(peak);
    if (compare)
        result.speedup = median(theirs) / result.seconds;
    return result;
}

} // namespace deblur
