// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/scaling.h"

#include <algorithm>
#include <chrono>

#include <ATen/ATen.h>

#include "network/registry.h"
#include "training/loss.h"
#include "training/optimizer.h"
#include "training/restore.h"

namespace deblur {

namespace {

// Waits for whatever device holds x.
void finish(const torch::Tensor &x) {
    x.flatten()[0].item<float>();
}

double median_seconds(int repetitions, const std::function<void()> &work) {
    using namespace std::chrono;
    std::vector<double> seconds;
    for (int i = 0; i <= repetitions; ++i) {
        const auto begin = steady_clock::now();
        work();
        if (i > 0) // the first one plans and allocates
            seconds.push_back(duration<double>(steady_clock::now() - begin).count());
    }
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
}

double matrix_rate(at::ScalarType type, const ScalingOptions &options) {
    constexpr int64_t kSide = 2048;
    const auto a = at::rand({kSide, kSide}, at::TensorOptions(type).device(options.device));
    const double seconds = median_seconds(options.repetitions, [&] { finish(a.mm(a)); });
    return 2.0 * kSide * kSide * kSide / seconds;
}

} // namespace

void measure_scaling(const NetworkConfig &config, const ScalingOptions &options,
                     const std::function<void(const StepTiming &)> &visit) {
    for (const auto precision : options.precisions) {
        const double peak = matrix_rate(precision, options);
        for (const int64_t batch : options.batches) {
            const auto network = make_network(config);
            network->to(options.device);
            network->set_compute_type(precision);
            Optimizer optimizer(*network, {});
            const auto clips = at::rand({batch, options.frames, 3, options.size, options.size},
                                        at::TensorOptions(at::kFloat).device(options.device));
            StepTiming timing;
            timing.precision = precision;
            timing.batch = batch;
            timing.seconds = median_seconds(options.repetitions, [&] {
                const auto loss = restoration_loss(unroll(*network, clips), clips, {});
                loss.backward();
                optimizer.step(1); // reads the gradient's norm, which waits for the device
            });
            const double pixels = static_cast<double>(batch * options.frames) *
                                  static_cast<double>(options.size * options.size);
            timing.flops_per_second = 3 * 2 * network->macs_per_pixel() * pixels / timing.seconds;
            timing.matrix_share = timing.flops_per_second / peak;
            visit(timing);
        }
    }
}

} // namespace deblur
