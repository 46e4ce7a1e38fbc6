// What is measured: a device that steps networks, and what it can do at best.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "torch/tensor_network.h"

namespace deblur {

struct Case;

class BenchmarkDevice {
  public:
    virtual ~BenchmarkDevice() = default;

    virtual at::Device place() const = 0;

    /// Sets map_bytes to what its feature maps take.
    virtual std::unique_ptr<TensorNetwork> make(const Case &what, double &map_bytes) = 0;

    /// Operations per second of a large matrix product, in the fastest of the types that networks compute in.
    virtual double measure_peak() = 0;

    /// Steps to be timed as one: more than one where a device works while the caller goes on.
    virtual int burst() const = 0;

    /// Waits for everything that was given to the device.
    virtual void synchronize() = 0;

    /// Bytes that were in use at most since the last reset.
    virtual void reset_peak_memory() = 0;
    virtual double peak_memory() const = 0;
};

/// Those that this build has.
std::unique_ptr<BenchmarkDevice> make_cpu_device(int threads);
std::unique_ptr<BenchmarkDevice> make_cuda_device();

} // namespace deblur
