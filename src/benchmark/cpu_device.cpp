// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "benchmark/device.h"
#include "benchmark/measurement.h"
#include "inference/cpu/peak.h"
#include "inference/cpu_network.h"
#include "torch/model_network.h"
#include "torch/on_images.h"

namespace deblur {

namespace {

Precision precision_of(const std::string &name) {
    return name == "int8" ? Precision::Int8 : name == "bf16" ? Precision::BFloat16 : Precision::Float32;
}

class CpuDevice : public BenchmarkDevice {
  public:
    explicit CpuDevice(int threads) {
        set_thread_count(threads);
        for (const auto element : {cpu::Element::Float32, cpu::Element::BFloat16})
            try {
                products_.push_back(std::make_unique<cpu::MatrixProduct>(element, threads));
                products_.back()->run();
            } catch (const std::runtime_error &) {
                // The CPU cannot: the other one is the peak.
            }
    }

    at::Device place() const override { return at::kCPU; }

    std::unique_ptr<TensorNetwork> make(const Case &what, double &map_bytes) override {
        InferenceSettings settings;
        settings.precision = precision_of(what.precision);
        settings.height = what.height;
        settings.width = what.width;
        settings.threads = what.threads;
        const auto model = std::make_shared<const Model>(to_model(*what.network));
        if (model->architecture.composition != Composition::Plain) {
            map_bytes = 0; // of several pipelines: not known
            return on_tensors(make_cpu_network(model, settings));
        }
        auto network = std::make_unique<CpuNetwork>(*model, settings);
        map_bytes = static_cast<double>(network->bytes());
        return on_tensors(std::move(network));
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
