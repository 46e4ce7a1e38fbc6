// SPDX-License-Identifier: LGPL-2.1-or-later
#include "benchmark/measurement.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include "inference/cpu/peak.h"
#include "inference/cpu_network.h"
#include "inference/plain_network.h"

namespace deblur {

namespace {

double seconds_of(const std::function<void()> &body) {
    const auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Linux only: 0 elsewhere. The kernel keeps the highest value since it was last reset.
void reset_peak_memory() {
    std::ofstream("/proc/self/clear_refs") << 5;
}

double peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:" && status >> word)
            return 1024 * std::stod(word);
    return 0;
}

// The better of the types that the machine can multiply.
class Peak {
  public:
    explicit Peak(int threads) {
        for (const auto element : {cpu::Element::Float32, cpu::Element::BFloat16})
            try {
                products_.push_back(std::make_unique<cpu::MatrixProduct>(element, threads));
                products_.back()->run();
            } catch (const std::runtime_error &) {
                // The CPU cannot: the other one is the peak.
            }
        flops_.resize(products_.size());
    }
    void run() {
        for (size_t i = 0; i < products_.size(); ++i)
            flops_[i].push_back(products_[i]->run());
    }
    double flops() const {
        double best = 0;
        for (const auto &values : flops_)
            best = std::max(best, median(values));
        return best;
    }

  private:
    std::vector<std::unique_ptr<cpu::MatrixProduct>> products_;
    std::vector<std::vector<double>> flops_;
};

} // namespace

Measurement measure(const Case &what, int steps, bool compare) {
    const c10::InferenceMode inference;
    at::set_num_threads(what.threads);
    reset_peak_memory();
    const auto type = what.precision == "int8"   ? at::kChar
                      : what.precision == "bf16" ? at::kBFloat16
                                                 : at::kFloat;
    CpuNetwork network(*what.network, {at::kCPU, type, what.height, what.width, what.threads});
    std::vector<torch::Tensor> window;
    for (int64_t i = 0; i < what.network->window_frames(); ++i)
        window.push_back(at::rand({1, 3, what.height, what.width}));
    network.step(window);

    Measurement result{};
    result.map_bytes = static_cast<double>(network.bytes());
    result.peak_memory = peak_memory();
    Peak peak(what.threads);
    PlainNetwork plain(*what.network);
    if (compare)
        plain.step(window);
    std::vector<double> ours, theirs;
    for (int i = 0; i < steps; ++i) {
        peak.run();
        ours.push_back(seconds_of([&] { network.step(window); }));
        if (compare)
            theirs.push_back(seconds_of([&] { plain.step(window); }));
    }
    result.seconds = median(ours);
    result.flops = 2 * what.network->macs_per_pixel() * what.width * what.height / result.seconds;
    result.peak_flops = peak.flops();
    if (compare)
        result.speedup = median(theirs) / result.seconds;
    return result;
}

} // namespace deblur
