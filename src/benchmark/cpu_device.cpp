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
    explicit CpuDevice(int threads) : threads_(threads) {
        set_thread_count(threads);
        try {
            product_ = std::make_unique<cpu::MatrixProduct>(threads);
            product_->run();
        } catch (const std::runtime_error &) {
            product_ = nullptr; // the CPU has no bfloat16
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
        const double best = cpu::measure_multiply_adds(threads_);
        return product_ ? std::max(best, product_->run()) : best;
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
    int threads_;
    std::unique_ptr<cpu::MatrixProduct> product_; // in bfloat16
};

} // namespace

std::unique_ptr<BenchmarkDevice> make_cpu_device(int threads) {
    return std::make_unique<CpuDevice>(threads);
}

} // namespace deblur
