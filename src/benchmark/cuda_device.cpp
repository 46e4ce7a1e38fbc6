// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <stdexcept>

#include <ATen/ATen.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include "benchmark/device.h"
#include "benchmark/measurement.h"
#include "cuda/cuda_network.h"

namespace deblur {

namespace {

class CudaDevice : public BenchmarkDevice {
  public:
    CudaDevice() : streams_(std::make_shared<const cuda::Streams>(0)) {
        at::globalContext().setBenchmarkCuDNN(true);
        at::globalContext().setAllowTF32CuDNN(false);
        c10::cuda::setCurrentCUDAStream(streams_->reading);
        const auto half = at::TensorOptions(place()).dtype(at::kHalf);
        a_ = at::randn({kSide, kSide}, half);
        b_ = at::randn({kSide, kSide}, half);
        product_ = at::empty({kSide, kSide}, half);
    }

    at::Device place() const override { return {at::kCUDA, 0}; }

    std::unique_ptr<TensorNetwork> make(const Case &what, double &map_bytes) override {
        const auto type = what.precision == "fp16"   ? at::kHalf
                          : what.precision == "bf16" ? at::kBFloat16
                                                     : at::kFloat;
        auto network = std::make_unique<cuda::CudaNetwork>(
            *what.network, TensorSettings{place(), type, what.height, what.width, 1}, streams_,
            /*map_budget=*/0, [](const std::string &message) { throw std::runtime_error(message); });
        map_bytes = static_cast<double>(network->peak_bytes() + network->kept_bytes());
        return network;
    }

    double measure_peak() override {
        constexpr int count = 10;
        synchronize();
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < count; ++i)
            at::matmul_out(product_, a_, b_);
        synchronize();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        return count * 2.0 * kSide * kSide * kSide / seconds.count();
    }

    int burst() const override { return 30; }
    void synchronize() override { c10::cuda::device_synchronize(); }

    void reset_peak_memory() override {
        c10::cuda::CUDACachingAllocator::emptyCache();
        c10::cuda::CUDACachingAllocator::resetPeakStats(0);
    }

    double peak_memory() const override {
        const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(0);
        return static_cast<double>(stats.reserved_bytes[0].peak);
    }

  private:
    static constexpr int64_t kSide = 8192;
    std::shared_ptr<const cuda::Streams> streams_;
    at::Tensor a_, b_, product_;
};

} // namespace

std::unique_ptr<BenchmarkDevice> make_cuda_device() {
    if (c10::cuda::device_count() == 0)
        throw std::runtime_error("there is no CUDA GPU");
    return std::make_unique<CudaDevice>();
}

} // namespace deblur
