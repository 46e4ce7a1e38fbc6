// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <ATen/Parallel.h>

#include "benchmark/device.h"
#include "benchmark/measurement.h"
#include "inference/cpu/peak.h"
#include "inference/cpu_network.h"

namespace deblur {

namespace {

at::ScalarType type_of(const std::string &precision) {
    return precision == "int8" ? at::kChar : precision == "bf16" ? at::kBFloat16 : at::kFloat;
}

class CpuDevice : public BenchmarkDevice {
  public:
    explicit CpuDevice(int threads) {
        at::set_num_threads(threads);
        for (const auto element : {cpu::Element::Float32, cpu::Element::BFloat16})
            try {
                products_.push_back(std::make_unique<cpu::MatrixProduct>(element, threads));
                products_.back()->run();
            } catch (const std::runtime_error &) {
                // The CPU cannot: the other one is the peak.
            }
    }

    at::Device place() const override { return at::kCPU; }

    std::unique_ptr<InferenceNetwork> make(const Case &what, double &map_bytes) override {
        const InferenceSettings settings{at::kCPU, type_of(what.precision), what.height, what.width,
                                         what.threads};
        if (what.network->graph().empty() || what.network->has_map()) {
            map_bytes = 0; // LibTorch's, at least in part: not known
            return make_cpu_network(*what.network, settings);
        }
        auto network = std::make_unique<CpuNetwork>(*what.network, settings);
        map_bytes = static_cast<double>(network->bytes());
        return network;
    }

    double measure_peak() override {
        double best = 0;
        for (const auto &product : products_)
            best = std::max(best, product->run());
        return best;
    }

    int burst() const override { return 1; }
    void synchronize() override {}

    // Linux only: 0 elsewhere. The kernel keeps the highest value since it was last reset.
    void reset_peak_memory() override { std::ofstream("/proc/self/clear_refs") << 5; }

    double peak_memory() const override {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;)
            if (word == "VmHWM:" && status >> word)
                return 1024 * std::stod(word);
        return 0;
    }

  private:
    std::vector<std::unique_ptr<cpu::MatrixProduct>> products_;
};

} // namespace

std::unique_ptr<BenchmarkDevice> make_cpu_device(int threads) {
    return std::make_unique<CpuDevice>(threads);
}

} // namespace deblur
